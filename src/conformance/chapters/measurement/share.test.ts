// Shares with their intervals.
import { describe, expect, it } from 'vitest';
import { shareWithin } from './share.ts';

describe('shareWithin', () => {
  it.each([
    [0, 300, { value: 0, low: 0, high: 1.26 }],
    [3, 300, { value: 1, low: 0.34, high: 2.9 }],
    [300, 300, { value: 100, low: 98.74, high: 100 }],
  ])('says of %i in %i: %o', (count, total, share) => {
    expect(shareWithin(count, total)).toEqual(share);
  });

  it('says nothing of a share of nothing', () => {
    expect(shareWithin(0, 0)).toBeUndefined();
  });
});
