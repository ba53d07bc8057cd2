// Gaps in what a client was left with: by the numbers of the events, or by the order of the hub.
import { describe, expect, it } from 'vitest';
import { findGap } from './drain.ts';

describe('findGap', () => {
  it.each([
    ['no events', [], [], undefined],
    ['one after the other', [3, 4, 5], [], undefined],
    ['a hole', [3, 5], [], '#5 after #3'],
    ['the order of the hub', [2, 0, 1], [2, 0, 1, 3], undefined],
    ['the beginning of that order', [2, 0], [2, 0, 1, 3], undefined],
    ['a hole in that order', [2, 1, 3], [2, 0, 1, 3], '#1 after #2'],
    ['what came before that order was known', [7, 8, 2], [8, 2, 9], undefined],
  ])('finds in %s what is missing', (_case, sequences, order, gap) => {
    expect(findGap(sequences, order)).toBe(gap);
  });
});
