// The known-bad hubs that fail with clients which do not read.
import { describe } from 'vitest';
import { holdToWord } from '../witnesses/hold-to-word.ts';
import { SLOW_CLIENT_SHOWINGS } from '../witnesses/slow-client.ts';
import { SLOW_CLIENT_HARM_SHOWINGS } from '../witnesses/slow-client-harm.ts';

describe('known-bad hubs: slow-client', () => holdToWord(SLOW_CLIENT_SHOWINGS, 2));
describe('known-bad hubs: slow-client-harm', () => holdToWord(SLOW_CLIENT_HARM_SHOWINGS, 2));
