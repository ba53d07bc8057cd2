// Isolation is a ratio of medians, and is not guessed from too few seconds.
import { describe, expect, it } from 'vitest';
import { compareMedians } from './isolation.ts';

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
});
