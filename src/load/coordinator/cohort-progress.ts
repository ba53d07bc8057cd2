// How far the clients are, over all workers: totals by cohort, from the workers' latest progress.
import type { CohortProgress } from '../worker/worker-messages.ts';

export interface CohortTotals {
  sum(
    names: readonly string[],
    key: 'attempted' | 'connected' | 'open' | 'joined' | 'evicted' | 'deliveries',
  ): number;
  /** The next sequence of the open client of these cohorts that is furthest behind; Infinity when none is open. */
  lowestNextSequence(names: readonly string[]): number;
}

export function createCohortTotals(progress: () => readonly CohortProgress[]): CohortTotals {
  const chosen = (names: readonly string[]) => progress().filter(({ name }) => names.includes(name));
  return {
    sum: (names, key) => chosen(names).reduce((total, cohort) => total + cohort[key], 0),
    lowestNextSequence: (names) =>
      Math.min(
        ...chosen(names).map((cohort) => cohort.lowestNextSequence ?? Number.POSITIVE_INFINITY),
        Number.POSITIVE_INFINITY,
      ),
  };
}
