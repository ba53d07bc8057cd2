// A newcomer's events against those of a client that was there before.
import { expect, it } from 'vitest';
import { findDifference } from './newcomer-order.ts';

it('accepts the same events in the same order, also where the witness is a little behind', () => {
  expect(findDifference([4, 5, 7, 6], [3, 4, 5, 7, 6, 8], 'client A')).toBeUndefined();
  expect(findDifference([4, 5, 6], [3, 4, 5], 'client A')).toBeUndefined();
  expect(findDifference([4, 5], [], 'client A')).toBeUndefined();
});

it('names what the witness received instead: two events one after the other may be the breach', () => {
  expect(findDifference([4, 5, 9], [3, 4, 9, 5], 'client A')).toBe('#5 after #4, where client A received #9');
  expect(findDifference([4, 6], [4, 5, 6], 'client A')).toBe('#6 after #4, where client A received #5');
});
