// What happened in each second of a run: deliveries, latencies and evictions, in all and by cohort. Of a long run several seconds
// are one row, so that a report stays small: counts are sums, percentiles and attempts to come back the highest of these seconds.
import type { DeliverySeries } from '../../../ledger/latency/delivery-series.ts';
import { type SeriesPoint, thinned } from '../../../ledger/latency/thinned-series.ts';
import type { ReturnsSoFar } from '../../coordinator/returns/return-account.ts';
import type { Phase } from '../../plan/phase.ts';
import type { CohortSecond, TimelineSecond } from '../timeline.ts';
import type { FoldedCohort } from './fold-cohort.ts';

/** Rows of the timeline, and of cohorts in them, together; each has some 100 bytes. */
const MAX_ROWS = 3_000;

type Attempts = ReturnsSoFar['seconds'];

export function foldTimeline(
  { startedAtMicros, phases }: { readonly startedAtMicros: number; readonly phases: readonly Phase[] },
  series: DeliverySeries,
  cohorts: readonly Pick<FoldedCohort, 'part'>[],
  attempts: Attempts = new Map(),
): TimelineSecond[] {
  const first = Math.floor(startedAtMicros / 1e6);
  const all = withQuietSeconds(series.all, attempts);
  const step = stepOf(all, series.byCohort.size);
  const stepAt = (second: number) => Math.floor(second / step);
  const evicted = countEvictions(cohorts, stepAt);
  const inStep = attemptsBy(attempts, stepAt);
  const rows = cohortRows(series.byCohort, step);
  return thinned(all, step).map(({ second, seconds, deliveries, p50Micros, p99Micros }) => ({
    second: second - first,
    ...(seconds === undefined ? {} : { seconds }),
    phase: phases.findLast(({ fromMicros }) => fromMicros <= (second + 1) * 1e6)?.name ?? 'connect',
    deliveries,
    p50Micros,
    p99Micros,
    evicted: evicted.get(stepAt(second)) ?? 0,
    ...inStep.get(stepAt(second)),
    cohorts: rows.get(stepAt(second)) ?? [],
  }));
}

/** Seconds in one row: a power of two. */
function stepOf(points: readonly SeriesPoint[], cohorts: number): number {
  const maxPoints = Math.floor(MAX_ROWS / (1 + cohorts));
  let [step, count] = [1, points.length];
  while (count > maxPoints) {
    step *= 2;
    count = thinned(points, step).length;
  }
  return step;
}

/** With the seconds in which clients tried to come back and nobody received anything. */
function withQuietSeconds(all: readonly SeriesPoint[], attempts: Attempts): SeriesPoint[] {
  const known = new Set(all.map(({ second }) => second));
  const quiet = [...attempts.keys()].filter((second) => !known.has(second));
  const nothing = { deliveries: 0, p50Micros: 0, p99Micros: 0 };
  return [...all, ...quiet.map((second) => ({ second, ...nothing }))].sort((a, b) => a.second - b.second);
}

type StepAt = (second: number) => number;

function countEvictions(cohorts: readonly Pick<FoldedCohort, 'part'>[], stepAt: StepAt): Map<number, number> {
  const byStep = new Map<number, number>();
  for (const { endedAtMicros } of cohorts.flatMap(({ part }) => part.evictions)) {
    if (endedAtMicros === undefined) continue;
    const step = stepAt(Math.floor(endedAtMicros / 1e6));
    byStep.set(step, (byStep.get(step) ?? 0) + 1);
  }
  return byStep;
}

/** The second with the most of them: that of the herd. */
function attemptsBy(attempts: Attempts, stepAt: StepAt): Attempts {
  const byStep = new Map<number, { attempts: number; failedAttempts: number }>();
  for (const [second, { attempts: all, failedAttempts }] of attempts) {
    const known = byStep.get(stepAt(second)) ?? { attempts: 0, failedAttempts: 0 };
    known.attempts = Math.max(known.attempts, all);
    known.failedAttempts = Math.max(known.failedAttempts, failedAttempts);
    byStep.set(stepAt(second), known);
  }
  return byStep;
}

function cohortRows(byCohort: DeliverySeries['byCohort'], step: number): Map<number, CohortSecond[]> {
  const byStep = new Map<number, CohortSecond[]>();
  for (const [name, series] of byCohort) {
    for (const { second, deliveries, p50Micros, p99Micros } of thinned(series, step)) {
      const at = Math.floor(second / step);
      const rows = byStep.get(at) ?? [];
      byStep.set(at, rows);
      rows.push({ name, deliveries, p50Micros, p99Micros });
    }
  }
  return byStep;
}
