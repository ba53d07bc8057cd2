// The known-bad hubs that fail healthy readers.
import { describe } from 'vitest';
import { DELIVERY_SHOWINGS } from '../witnesses/delivery.ts';
import { holdToWord } from '../witnesses/hold-to-word.ts';
import { MEMBERSHIP_SHOWINGS } from '../witnesses/membership.ts';

describe('known-bad hubs: delivery', () => holdToWord(DELIVERY_SHOWINGS, 3));
describe('known-bad hubs: membership', () => holdToWord(MEMBERSHIP_SHOWINGS, 3));
