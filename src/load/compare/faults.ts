// What a hub should never do, counted on both sides: without an interval, because a single lost delivery counts. What a slow
// reader may have brought upon itself counts only where the load generator was fast enough to know.
import type { CohortResult, LoadtestResult } from '../result/result.ts';
import type { ComparedMetric, CompareSettings } from './compare-result.ts';
import { unjudged } from './judged-metric.ts';
import { keepsUp } from './kept-cohorts.ts';
import { judgeCounts } from './statistics/ratio.ts';

/** Beyond this, two Poisson counts differ in 1 of 100 cases by chance. */
const DEVIATIONS = 2.6;

interface Fault {
  readonly name: string;
  /** True where a slow reader may be the cause. */
  readonly isTiming: boolean;
  readonly read: (cohort: CohortResult) => number;
}

const FAULTS: readonly Fault[] = [
  { name: 'lost', isTiming: true, read: ({ lost }) => lost },
  { name: 'duplicated', isTiming: false, read: ({ duplicated }) => duplicated },
  { name: 'reordered', isTiming: false, read: ({ reordered }) => reordered },
  { name: 'corrupted', isTiming: false, read: ({ corrupted }) => corrupted },
  {
    name: 'evicted although reading',
    isTiming: true,
    read: (cohort) => (keepsUp(cohort) ? cohort.evicted : 0),
  },
];

export interface RunPair {
  readonly a: LoadtestResult;
  readonly b: LoadtestResult;
}

export function compareFaults(
  pairs: readonly RunPair[],
  { relevantShare }: CompareSettings,
): ComparedMetric[] {
  return FAULTS.map(({ name, isTiming, read }) => {
    const usable = isTiming
      ? pairs.filter(({ a, b }) => !a.generator.limited && !b.generator.limited)
      : pairs;
    const a = total(
      usable.map((pair) => pair.a),
      read,
    );
    const b = total(
      usable.map((pair) => pair.b),
      read,
    );
    const metric = { name, unit: 'count', wanted: 'lower', a, b } as const;
    if (usable.length === 0) return unjudged(metric, 'the load generator was the limit');
    return { ...metric, estimate: null, verdict: judgeCounts(a, b, relevantShare, DEVIATIONS) };
  });
}

function total(results: readonly LoadtestResult[], read: (cohort: CohortResult) => number): number {
  return results.flatMap(({ cohorts }) => cohorts).reduce((sum, cohort) => sum + read(cohort), 0);
}
