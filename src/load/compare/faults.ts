// What a hub should never do, counted on both sides: no interval, as one lost delivery is one too many.
import type { CohortResult, LoadtestResult } from '../result.ts';
import type { ComparedMetric, CompareSettings } from './compare-result.ts';
import { keepsUp } from './kept-cohorts.ts';
import { judgeCounts } from './ratio.ts';

const CONTENT = ['lost', 'duplicated', 'reordered', 'corrupted'] as const;
/** Beyond this, two Poisson counts differ in 1 of 100 cases by chance. */
const DEVIATIONS = 2.6;

export function compareFaults(
  a: readonly LoadtestResult[],
  b: readonly LoadtestResult[],
  { relevantShare }: CompareSettings,
): ComparedMetric[] {
  const compare = (name: string, read: (cohort: CohortResult) => number): ComparedMetric => {
    const [countA, countB] = [total(a, read), total(b, read)];
    const verdict = judgeCounts(countA, countB, relevantShare, DEVIATIONS);
    return { name, unit: 'count', wanted: 'lower', a: countA, b: countB, estimate: null, verdict };
  };
  return [
    ...CONTENT.map((key) => compare(key, (cohort) => cohort[key])),
    compare('evicted although reading', (cohort) => (keepsUp(cohort) ? cohort.evicted : 0)),
  ];
}

function total(results: readonly LoadtestResult[], read: (cohort: CohortResult) => number): number {
  return results.flatMap(({ cohorts }) => cohorts).reduce((sum, cohort) => sum + read(cohort), 0);
}
