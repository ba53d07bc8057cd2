// What is discarded for want of CPU time, for hubs of every lateness on machines of every load: a hub that would have been
// in time is never blamed, one that would not is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoreWaits } from './core-waits.ts';
import { explainByCores, explainWait, explainWaits } from './starved.ts';

/** A hub and a runner that wait for these shares of the time, for minutes. */
const waiting = (hubShare: number, runnerShare = 0): readonly CoreWaits[] =>
  Array.from({ length: 1_000 }, (_, at) => ({
    startMicros: at * 250_000,
    endMicros: (at + 1) * 250_000,
    hubMillis: hubShare * 250,
    runnerMillis: runnerShare * 250,
  }));

const lateFor = (tookMillis: number, allowedMillis: number) => ({
  startMicros: 1_000_000,
  endMicros: 1_000_000 + tookMillis * 1e3,
  tookMillis,
  allowedMillis,
});

const shares = fc.double({ min: 0.06, max: 0.98, noNaN: true });
const allowed = fc.integer({ min: 20, max: 400 });

describe('explainByCores', () => {
  it('excuses a hub that is in time but for other programs', () => {
    const within = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(shares, shares, allowed, within, (share, ofHub, most, part) => {
        // Late, but by no more than it waited.
        const tookMillis = most + part * (most / (1 - share) - most);
        const spans = waiting(share * ofHub, share * (1 - ofHub));
        expect(explainByCores(spans, lateFor(tookMillis, most))).toBeDefined();
      }),
    );
  });

  it('blames one that is late all the same', () => {
    const late = fc.double({ min: 1.01, max: 4, noNaN: true });
    fc.assert(
      fc.property(shares, allowed, late, (share, most, times) => {
        const tookMillis = (most * times) / (1 - share);
        expect(explainByCores(waiting(share), lateFor(tookMillis, most))).toBeUndefined();
        // It sleeps, and does not wait for a core meanwhile.
        expect(explainByCores(waiting(0), lateFor(most * times, most))).toBeUndefined();
      }),
    );
  });

  it('says nothing of what was in time, however long it waited', () => {
    const inTime = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(shares, allowed, inTime, (share, most, part) => {
        expect(explainByCores(waiting(share), lateFor(Math.max(1, most * part), most))).toBeUndefined();
      }),
    );
  });

  it('does not excuse the least lateness by the least wait', () => {
    expect(explainByCores(waiting(0.04), lateFor(101, 100))).toBeUndefined();
    expect(explainByCores(waiting(0.06), lateFor(101, 100))).toBeDefined();
  });

  it('says nothing where waits are not known', () => {
    expect(explainByCores([], lateFor(5_000, 4_999))).toBeUndefined();
  });
});

describe('explainWait', () => {
  const wait = { startMicros: 2_000_000, endMicros: 12_000_000 };

  it('takes half of a wait without a core for the reason that it was in vain', () => {
    expect(explainWait(waiting(0.5, 0.1), wait)).toEqual({
      ...{ millis: 10_000, hubMillis: 5_000, runnerMillis: 1_000 },
    });
    expect(explainWait(waiting(0.4), wait)).toBeUndefined();
  });

  it('leaves short looks at the hub alone', () => {
    expect(explainWait(waiting(0.9), { startMicros: 0, endMicros: 900_000 })).toBeUndefined();
  });

  it('looks at the whole time only where no wait was long', () => {
    const idle = { startMicros: 0, endMicros: 1_000_000 };
    const spans = waiting(0.9).map((span) =>
      span.endMicros <= 1_000_000 ? { ...span, hubMillis: 0 } : span,
    );
    expect(explainWaits(spans, [idle], wait)).toBeUndefined();
    expect(explainWaits(spans, [], wait)).toBeDefined();
    expect(explainWaits(spans, [idle, wait])).toBeDefined();
  });
});
