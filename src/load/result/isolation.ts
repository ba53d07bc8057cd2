// Does a slow client hurt the fast ones? The fast cohort's p99, second by second, with slow clients connected and
// without, in the same run; medians, so that one noisy second decides nothing.
import type { SeriesPoint } from '../../ledger/latency/delivery-series.ts';
import type { Isolation } from './result.ts';

const LEAST_SECONDS = 3;

/** Whole seconds of the monotonic clock: [from, until). */
export interface SecondRange {
  readonly fromSecond: number;
  readonly untilSecond: number;
}

export function foldIsolation(
  series: readonly SeriesPoint[],
  baseline: SecondRange,
  loaded: SecondRange,
): Isolation {
  const baselineP99Micros = medianP99(series, baseline);
  const loadedP99Micros = medianP99(series, loaded);
  const ratio =
    baselineP99Micros === null || loadedP99Micros === null
      ? null
      : loadedP99Micros / Math.max(1, baselineP99Micros);
  return { baselineP99Micros, loadedP99Micros, ratio };
}

function medianP99(series: readonly SeriesPoint[], { fromSecond, untilSecond }: SecondRange): number | null {
  const values = series
    .filter(({ second, deliveries }) => second >= fromSecond && second < untilSecond && deliveries > 0)
    .map(({ p99Micros }) => p99Micros)
    .sort((a, b) => a - b);
  return values.length < LEAST_SECONDS ? null : (values[Math.floor(values.length / 2)] ?? null);
}
