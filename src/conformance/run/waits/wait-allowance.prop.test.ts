// Whatever a hub does: waits in vain stay within a total, and a hub that is slow but answers gets the time it needs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWaitAllowance } from './wait-allowance.ts';

const FULL_MILLIS = 10_000;
const wait = fc.record({
  isMet: fc.boolean(),
  startMillis: fc.integer({ min: 0, max: 100_000 }),
  millis: fc.integer({ min: 0, max: FULL_MILLIS }),
});

describe('the wait allowance', () => {
  it('is the full time while nothing was waited for in vain', () => {
    fc.assert(
      fc.property(fc.array(wait), (waits) => {
        const allowance = createWaitAllowance(FULL_MILLIS);
        for (const { startMillis, millis } of waits) allowance.ended(true, startMillis, startMillis + millis);
        expect(allowance.millis).toBe(FULL_MILLIS);
      }),
    );
  });

  it('bounds 30 waits in vain by 80 seconds together, and none by less than 1.5 s', () => {
    const allowance = createWaitAllowance(FULL_MILLIS);
    let nowMillis = 0;
    for (let count = 0; count < 30; count++) {
      const { millis } = allowance;
      expect(millis).toBeGreaterThanOrEqual(1_500);
      nowMillis += millis;
      allowance.ended(false, nowMillis - millis, nowMillis);
    }
    expect(nowMillis).toBeLessThan(80_000);
  });

  it('counts the time of waits side by side once', () => {
    const [one, fifty] = [createWaitAllowance(FULL_MILLIS), createWaitAllowance(FULL_MILLIS)];
    one.ended(false, 0, FULL_MILLIS);
    for (let count = 0; count < 50; count++) fifty.ended(false, count, FULL_MILLIS);
    expect(fifty.millis).toBe(one.millis);
    expect(one.millis).toBe(7_500);
  });

  it('always leaves four times what the slowest answer took, up to the full time', () => {
    fc.assert(
      fc.property(fc.array(wait), (waits) => {
        const allowance = createWaitAllowance(FULL_MILLIS);
        for (const { isMet, startMillis, millis } of waits)
          allowance.ended(isMet, startMillis, startMillis + millis);
        const slowest = Math.max(0, ...waits.filter(({ isMet }) => isMet).map(({ millis }) => millis));
        expect(allowance.millis).toBeGreaterThanOrEqual(Math.min(FULL_MILLIS, 4 * slowest));
        expect(allowance.millis).toBeLessThanOrEqual(FULL_MILLIS);
      }),
    );
  });
});
