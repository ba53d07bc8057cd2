// Does a slow client hurt the fast ones? The fast cohort's p99, second by second, with slow clients connected and
// without, in the same run; medians, so that one noisy second decides nothing.
import type { SeriesPoint } from '../../../ledger/latency/thinned-series.ts';
import type { Phase, PhaseName } from '../../plan/phase.ts';

/** Median over seconds of the fast clients' p99, with slow clients connected and without. */
export interface Isolation {
  readonly baselineP99Micros: number | null;
  readonly loadedP99Micros: number | null;
  /** Loaded over baseline; null when either has fewer than 3 seconds. */
  readonly ratio: number | null;
}

const LEAST_SECONDS = 3;

/** Whole seconds of the monotonic clock: [from, until). */
export interface SecondRange {
  readonly fromSecond: number;
  readonly untilSecond: number;
}

/**
 * The series are of the fast cohorts; not measured without a phase with slow clients. The second in which the baseline begins
 * belongs to it, as there are no slow clients in the warm-up either; the one in which they come belongs to nobody.
 */
export function foldIsolation(
  series: readonly SeriesPoint[],
  phases: readonly Phase[],
  untilMicros: number,
): Isolation {
  const startOf = (name: PhaseName) => phases.find((phase) => phase.name === name)?.fromMicros;
  const [baselineMicros, slowMicros] = [startOf('baseline'), startOf('slow clients')];
  if (baselineMicros === undefined || slowMicros === undefined)
    return { baselineP99Micros: null, loadedP99Micros: null, ratio: null };
  const whole = (micros: number) => Math.floor(micros / 1e6);
  return compareMedians(
    series,
    { fromSecond: whole(baselineMicros), untilSecond: whole(slowMicros) },
    { fromSecond: whole(slowMicros) + 1, untilSecond: whole(untilMicros) },
  );
}

export function compareMedians(
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
    .filter(({ second }) => second >= fromSecond && second < untilSecond)
    .map(({ p99Micros }) => p99Micros)
    // Nothing was measured in a second in which only events from before the measurement arrived.
    .filter((micros) => micros > 0)
    .sort((a, b) => a - b);
  return values.length < LEAST_SECONDS ? null : (values[Math.floor(values.length / 2)] ?? null);
}
