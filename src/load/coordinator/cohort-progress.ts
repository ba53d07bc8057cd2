// How far the clients are, over all workers: totals by cohort, from the workers' latest progress.
import type { AtHub, CohortProgress } from '../worker/worker-messages.ts';

type Count =
  | 'attempted'
  | 'connected'
  | 'open'
  | 'joined'
  | 'evicted'
  | 'deliveries'
  | 'returning'
  | 'waiting';

export interface CohortTotals {
  /** Of these cohorts, at all hubs or at one. */
  sum(names: readonly string[], key: Count, hub?: number): number;
  /**
   * The next sequence of the open client of these cohorts that is furthest behind; Infinity when none is open. Without those of
   * a hub that was left out and has delivered nothing, unless `isEverybody`.
   */
  lowestNextSequence(names: readonly string[], isEverybody?: boolean): number;
  /** Nothing waits for what the clients of this hub receive until it has delivered something. */
  leaveOut(hub: number): void;
}

export function createCohortTotals(progress: () => readonly AtHub<CohortProgress>[]): CohortTotals {
  const leftOut = new Set<number>();
  const chosen = (names: readonly string[]) => progress().filter(({ name }) => names.includes(name));
  return {
    sum: (names, key, only) =>
      chosen(names)
        .filter(({ hub }) => only === undefined || hub === only)
        .reduce((total, cohort) => total + (cohort[key] ?? 0), 0),
    lowestNextSequence: (names, isEverybody = false) =>
      Math.min(
        ...chosen(names)
          .filter(({ hub, joined }) => isEverybody || joined > 0 || !leftOut.has(hub))
          .map((cohort) => cohort.lowestNextSequence ?? Number.POSITIVE_INFINITY),
        Number.POSITIVE_INFINITY,
      ),
    leaveOut: (hub) => leftOut.add(hub),
  };
}
