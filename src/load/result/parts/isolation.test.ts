// Isolation is a ratio of medians, and is not guessed from too few seconds.
import { describe, expect, it } from 'vitest';
import { compareMedians, foldIsolation } from './isolation.ts';

const series = (p99s: readonly number[]) =>
  p99s.map((p99Micros, second) => ({ second, deliveries: 10, p50Micros: 1, p99Micros }));

describe('compareMedians', () => {
  it('is not moved by one noisy second', () => {
    const folded = compareMedians(
      series([100, 100, 9_000, 100, 100, 150, 150, 9_000, 150, 150]),
      { fromSecond: 0, untilSecond: 5 },
      { fromSecond: 5, untilSecond: 10 },
    );
    expect(folded).toEqual({ baselineP99Micros: 100, loadedP99Micros: 150, ratio: 1.5 });
  });

  it('is not measured with fewer than three seconds on a side', () => {
    expect(
      compareMedians(
        series([100, 100, 150, 150, 150]),
        { fromSecond: 0, untilSecond: 2 },
        { fromSecond: 2, untilSecond: 5 },
      ).ratio,
    ).toBeNull();
  });

  it('counts no second in which nothing was measured', () => {
    const ranges = [
      { fromSecond: 0, untilSecond: 3 },
      { fromSecond: 3, untilSecond: 6 },
    ] as const;
    expect(compareMedians(series([0, 0, 0, 0, 0, 0]), ...ranges)).toEqual({
      baselineP99Micros: null,
      loadedP99Micros: null,
      ratio: null,
    });
  });
});

describe('foldIsolation', () => {
  it('measures a baseline of three seconds, whenever in a second it begins', () => {
    const phases = (fromMicros: number) => [
      { name: 'warm-up' as const, fromMicros: fromMicros - 1e6 },
      { name: 'baseline' as const, fromMicros },
      { name: 'slow clients' as const, fromMicros: fromMicros + 3.2e6 },
    ];
    const points = series(Array.from({ length: 20 }, () => 100));
    for (const startMicros of [2e6, 2.3e6, 2.9e6])
      expect(foldIsolation(points, phases(startMicros), startMicros + 9e6).ratio).toBe(1);
  });
});
