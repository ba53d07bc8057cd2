// What happened in each second of a run: deliveries, latencies and evictions, in all and by cohort.
import type { DeliverySeries, SeriesPoint } from '../../../ledger/latency/delivery-series.ts';
import type { ReturnsSoFar } from '../../coordinator/returns/return-account.ts';
import type { Phase } from '../../plan/phase.ts';
import type { CohortSecond, TimelineSecond } from '../timeline.ts';
import type { FoldedCohort } from './fold-cohort.ts';

export function foldTimeline(
  { startedAtMicros, phases }: { readonly startedAtMicros: number; readonly phases: readonly Phase[] },
  series: DeliverySeries,
  cohorts: readonly FoldedCohort[],
  attempts: ReturnsSoFar['seconds'] = new Map(),
): TimelineSecond[] {
  const first = Math.floor(startedAtMicros / 1e6);
  const evictedBySecond = countEvictions(cohorts);
  const cohortsBySecond = cohortSeconds(series.byCohort);
  return withQuietSeconds(series.all, attempts).map(({ second, deliveries, p50Micros, p99Micros }) => ({
    second: second - first,
    phase: phases.findLast(({ fromMicros }) => fromMicros <= (second + 1) * 1e6)?.name ?? 'connect',
    deliveries,
    p50Micros,
    p99Micros,
    evicted: evictedBySecond.get(second) ?? 0,
    ...attempts.get(second),
    cohorts: cohortsBySecond.get(second) ?? [],
  }));
}

/** With the seconds in which clients tried to come back and nobody received anything. */
function withQuietSeconds(all: readonly SeriesPoint[], attempts: ReturnsSoFar['seconds']): SeriesPoint[] {
  const known = new Set(all.map(({ second }) => second));
  const quiet = [...attempts.keys()].filter((second) => !known.has(second));
  const nothing = { deliveries: 0, p50Micros: 0, p99Micros: 0 };
  return [...all, ...quiet.map((second) => ({ second, ...nothing }))].sort((a, b) => a.second - b.second);
}

function countEvictions(cohorts: readonly FoldedCohort[]): Map<number, number> {
  const bySecond = new Map<number, number>();
  for (const { endedAtMicros } of cohorts.flatMap(({ part }) => part.evictions)) {
    if (endedAtMicros === undefined) continue;
    const second = Math.floor(endedAtMicros / 1e6);
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
  }
  return bySecond;
}

function cohortSeconds(byCohort: DeliverySeries['byCohort']): Map<number, CohortSecond[]> {
  const bySecond = new Map<number, CohortSecond[]>();
  for (const [name, series] of byCohort) {
    for (const { second, deliveries, p50Micros, p99Micros } of series) {
      const row = { name, deliveries, p50Micros, p99Micros };
      const rows = bySecond.get(second);
      if (rows === undefined) bySecond.set(second, [row]);
      else rows.push(row);
    }
  }
  return bySecond;
}
