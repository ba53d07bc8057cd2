// When a hub began to disconnect the clients of a cohort, and how long after the latest fault before it: whether a fault has to do
// with it.
import { renderDurationMillis } from '../../../units/duration.ts';
import type { FaultResult } from '../faults/fault-result.ts';
import type { Eviction } from '../result.ts';

export interface EvictionTimes {
  /** All times of evictions count from it, those of faults from the start of the run, as it does. */
  readonly measuredFromMillis: number;
  readonly faults: readonly Pick<FaultResult, 'kind' | 'atMillis'>[];
}

/** Begins with a comma; empty where some of the evictions are not described, as an earlier one may be among those. */
export function describeFirstEviction(
  { name, evicted }: { readonly name: string; readonly evicted: number },
  evictions: readonly Pick<Eviction, 'cohort' | 'endedAtMillis'>[],
  { measuredFromMillis, faults }: EvictionTimes,
): string {
  const times = evictions.flatMap(({ cohort, endedAtMillis }) =>
    cohort === name && endedAtMillis !== null ? [measuredFromMillis + endedAtMillis] : [],
  );
  if (times.length === 0 || times.length < evicted) return '';
  const firstMillis = times.reduce((a, b) => Math.min(a, b));
  const before = faults.filter(({ atMillis }) => atMillis <= firstMillis);
  if (before.length === 0) return `, from ${renderDurationMillis(firstMillis)} on`;
  const latest = before.reduce((a, b) => (b.atMillis > a.atMillis ? b : a));
  return `, from ${renderDurationMillis(firstMillis - latest.atMillis)} after the ${latest.kind} at ${renderDurationMillis(latest.atMillis)} on`;
}
