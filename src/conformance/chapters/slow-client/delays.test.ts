// What delays of small events say: those of a hub that waits for slow clients, and those of a busy machine.
import { describe, expect, it } from 'vitest';
import { findDelay, isSameDelay, type NeighborDelays } from './delays.ts';

const times = (count: number, millis: number): number[] => Array.from({ length: count }, () => millis);
const QUIET: NeighborDelays = {
  calm: times(15, 2),
  stalled: times(56, 2),
  overflowing: times(16, 3),
  afterwards: times(15, 2),
};

describe('fast clients', () => {
  it('are not delayed where events take as long as before', () => {
    expect(findDelay(QUIET)).toBeUndefined();
  });

  it('are delayed where each event takes 50 ms while others are stalled', () => {
    expect(findDelay({ ...QUIET, stalled: times(56, 50) })).toEqual({
      expected: 'small events reach healthy clients as fast as without stalled ones (most of them in 2.0 ms)',
      got: 'while others were stalled, most of 14 in a row took 50.0 ms or more',
      tookMillis: 50,
      allowedMillis: 25,
    });
  });

  it('are delayed where events take 40 ms from when the others are half full', () => {
    expect(findDelay({ ...QUIET, stalled: [...times(28, 2), ...times(28, 40)] })?.got).toContain('40.0 ms');
  });

  it('are delayed where the event that overflows the others takes 400 ms', () => {
    const overflowing = [...times(10, 2), 400, ...times(5, 2)];
    const late = { got: 'it took 400.0 ms', at: 10 };
    expect(findDelay({ ...QUIET, overflowing })).toMatchObject(late);
    expect(findDelay({ ...QUIET, calm: [...times(13, 2), 90, 300], overflowing })).toMatchObject(late);
  });

  it('are not said to be delayed where events took as long before, or afterwards', () => {
    const busy = { ...QUIET, stalled: times(56, 50), overflowing: [400] };
    expect(findDelay({ ...busy, calm: [...times(10, 2), ...times(5, 90)] })).toBeUndefined();
    expect(findDelay({ ...busy, afterwards: times(15, 90) })).toBeUndefined();
  });

  it('are not said to be delayed by some late events of many', () => {
    expect(findDelay({ ...QUIET, stalled: [...times(46, 2), ...times(10, 300)] })).toBeUndefined();
    expect(findDelay({ ...QUIET, overflowing: times(16, 140) })).toBeUndefined();
  });

  it('are delayed in the same way where the same event is late, or all are', () => {
    const late = (at?: number) => (at === undefined ? {} : { at });
    expect(isSameDelay(late(10), late(12))).toBe(true);
    expect(isSameDelay(late(10), late(13))).toBe(false);
    expect(isSameDelay(late(), late())).toBe(true);
    expect(isSameDelay(late(0), late())).toBe(false);
  });
});
