// What checks time: one broadcast or one wait, when it began and how long it took. Pure.
import type { Late } from './finding.ts';
import { MOST_OF_WAIT } from './run/starvation/starved.ts';

/** Milliseconds since the check began, and of duration. */
export interface TimedWork {
  readonly fromMillis: number;
  readonly tookMillis: number;
}

export const millisOf = (all: readonly TimedWork[]): readonly number[] =>
  all.map(({ tookMillis }) => tookMillis);

/** Nothing, where nothing was timed. */
export function slowestOf(all: readonly TimedWork[]): TimedWork {
  return all.reduce((slowest, one) => (one.tookMillis > slowest.tookMillis ? one : slowest), {
    fromMillis: 0,
    tookMillis: 0,
  });
}

/** One piece of work that took too long. */
export function oneLate({ fromMillis, tookMillis }: TimedWork, allowedMillis: number): Late {
  return { fromMillis, toMillis: fromMillis + tookMillis, tookMillis, allowedMillis };
}

/** One wait at whose end the hub had not done what it must; by how much it was late is not known. */
export const waitedInVain = (wait: TimedWork): Late => oneLate(wait, wait.tookMillis * MOST_OF_WAIT);

/** Many that usually took too long. */
export function usuallyLate(all: readonly TimedWork[], tookMillis: number, allowedMillis: number): Late {
  const ends = all.map((work) => work.fromMillis + work.tookMillis);
  const starts = all.map(({ fromMillis }) => fromMillis);
  return { fromMillis: Math.min(...starts), toMillis: Math.max(...ends), tookMillis, allowedMillis };
}
