// The histogram against the sorted list of all values.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createLatencyHistogram,
  LATENCY_LIMIT_MICROS,
  type LatencyHistogram,
  mergeHistograms,
} from './latency-histogram.ts';

const micros = fc
  .tuple(fc.integer({ min: 0, max: 32 }), fc.double({ min: 0.5, max: 1, maxExcluded: true, noNaN: true }))
  .map(([bits, part]) => Math.floor(2 ** bits * part));
const latencies = fc.array(micros, { minLength: 1, maxLength: 300 });

function recorded(values: readonly number[]): LatencyHistogram {
  const histogram = createLatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('the latency histogram', () => {
  it('gives every percentile within one hundredth of the true value, never below it', () => {
    fc.assert(
      fc.property(latencies, fc.double({ min: 0.001, max: 1, noNaN: true }), (values, fraction) => {
        const sorted = [...values].sort((one, other) => one - other);
        const truth = sorted[Math.ceil(fraction * sorted.length) - 1] as number;
        const reported = recorded(values).percentile(fraction);
        expect(reported).toBeGreaterThanOrEqual(truth);
        expect(reported).toBeLessThanOrEqual(truth * 1.01);
      }),
    );
  });

  it('keeps count, greatest value and mean exactly', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const summary = recorded(values).summary();
        expect(summary.count).toBe(values.length);
        expect(summary.max).toBe(Math.max(...values));
        expect(summary.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 3);
      }),
    );
  });

  it('loses nothing when parts are encoded, sent as JSON and merged in any order', () => {
    fc.assert(
      fc.property(fc.array(latencies, { minLength: 1, maxLength: 6 }), fc.boolean(), (parts, isReversed) => {
        const encoded = parts.map((part) => JSON.parse(JSON.stringify(recorded(part).encode())));
        const merged = mergeHistograms(isReversed ? encoded.reverse() : encoded);
        expect(merged.encode()).toEqual(recorded(parts.flat()).encode());
        const direct = createLatencyHistogram();
        for (const part of parts) direct.merge(recorded(part));
        expect(direct.encode()).toEqual(merged.encode());
      }),
    );
  });

  it('counts many at once as it counts them one by one', () => {
    fc.assert(
      fc.property(micros, fc.integer({ min: 1, max: 50 }), (value, count) => {
        const many = createLatencyHistogram();
        many.recordMany(value, count);
        expect(many.encode()).toEqual(recorded(Array.from({ length: count }, () => value)).encode());
      }),
    );
  });

  it('counts values outside its range apart: early ones as the lowest, late ones in no percentile', () => {
    const histogram = recorded([-3, 5, LATENCY_LIMIT_MICROS, Number.NaN, Number.POSITIVE_INFINITY]);
    expect(histogram.belowRange).toBe(1);
    expect(histogram.earliestMicros).toBe(-3);
    expect(histogram.encode().buckets).toEqual([5, 1]);
    expect(histogram.countsUpTo([4, 5])).toEqual([1, 2]);
    expect(mergeHistograms([histogram.encode(), recorded([-9, 4]).encode()])).toMatchObject({
      belowRange: 2,
      earliestMicros: -9,
    });
    expect(histogram.beyondRange).toBe(3);
    expect(histogram.summary()).toMatchObject({ count: 2, p50: 0, max: 5 });
  });

  it('is all zeros when it is empty', () => {
    const empty = { count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0, mean: 0 };
    expect(createLatencyHistogram().summary()).toEqual(empty);
    expect(mergeHistograms([]).summary()).toEqual(empty);
  });
});
