// A thinned series: never more than its points, never a delivery or a peak lost, and steps that nest.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SeriesPoint, ThinnedSeries, thinned } from './thinned-series.ts';

const anyPoints = fc
  .array(
    fc.record({
      gap: fc.constantFrom(1, 1, 1, 2, 50),
      deliveries: fc.integer({ min: 0, max: 100 }),
      p50Micros: fc.integer({ min: 0, max: 1_000 }),
    }),
    { maxLength: 300 },
  )
  .map((rows) => {
    let second = 5;
    return rows.map(({ gap, deliveries, p50Micros }): SeriesPoint => {
      second += gap;
      return { second, deliveries, p50Micros, p99Micros: p50Micros * 2 };
    });
  });

const total = (points: readonly SeriesPoint[]) => points.reduce((sum, { deliveries }) => sum + deliveries, 0);
const peak = (points: readonly SeriesPoint[]) => Math.max(0, ...points.map(({ p99Micros }) => p99Micros));

describe('a thinned series', () => {
  it('keeps its bound, its deliveries, its peak, and the time it covers', () => {
    fc.assert(
      fc.property(anyPoints, fc.constantFrom(2, 7, 64), (points, maxPoints) => {
        const series = new ThinnedSeries(maxPoints);
        for (const point of points) {
          series.add(point);
          expect(series.points.length).toBeLessThanOrEqual(maxPoints);
        }
        expect(total(series.points)).toBe(total(points));
        expect(peak(series.points)).toBe(peak(points));
        const ends = series.points.map(({ second, seconds = 1 }) => second + seconds);
        expect(series.points.every(({ second }, at) => at === 0 || second >= (ends[at - 1] as number))).toBe(
          true,
        );
        expect(ends.at(-1)).toBe(points.length === 0 ? undefined : (points.at(-1)?.second ?? 0) + 1);
      }),
    );
  });

  it('is the same however often it was thinned on the way', () => {
    fc.assert(
      fc.property(anyPoints, (points) => {
        expect(thinned(thinned(thinned(points, 2), 8), 32)).toEqual(thinned(points, 32));
      }),
    );
  });

  it('is copied with what it had', () => {
    const series = new ThinnedSeries(4);
    const point = { deliveries: 1, p50Micros: 1, p99Micros: 1 };
    for (let second = 0; second < 20; second++) series.add({ ...point, second });
    const copy = series.copy();
    copy.add({ ...point, second: 20 });
    expect(total(series.points)).toBe(20);
    expect(total(copy.points)).toBe(21);
  });
});
