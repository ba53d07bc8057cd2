// The known-bad hubs whose bug needs little traffic to show; several are watched at once.
import { describe } from 'vitest';
import { ENVELOPE_SHOWINGS } from '../witnesses/envelope.ts';
import { HANDSHAKE_SHOWINGS } from '../witnesses/handshake.ts';
import { holdToWord } from '../witnesses/hold-to-word.ts';
import { INBOUND_SHOWINGS } from '../witnesses/inbound.ts';
import { LIFECYCLE_SHOWINGS } from '../witnesses/lifecycle.ts';
import { NO_HUB_SHOWINGS } from '../witnesses/no-hub.ts';
import { ORIGIN_SHOWINGS } from '../witnesses/origin.ts';

describe('known-bad hubs: envelope', () => holdToWord(ENVELOPE_SHOWINGS, 5));
describe('known-bad hubs: handshake', () => holdToWord(HANDSHAKE_SHOWINGS, 5));
describe('known-bad hubs: inbound', () => holdToWord(INBOUND_SHOWINGS, 5));
describe('known-bad hubs: lifecycle', () => holdToWord(LIFECYCLE_SHOWINGS, 5));
describe('known-bad hubs: no-hub', () => holdToWord(NO_HUB_SHOWINGS, 5));
describe('known-bad hubs: origin', () => holdToWord(ORIGIN_SHOWINGS, 5));
