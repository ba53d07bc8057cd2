// Which cohorts of a result keep up with any hub: the latency and the fate of others are their own doing.
import { mustBeKept } from '../../client/behaviour.ts';
import { parseBehaviour } from '../../client/behaviour-language.ts';
import type { CohortResult, LoadtestResult } from '../result/result.ts';

export function keepsUp({ behaviour }: CohortResult): boolean {
  const read = parseBehaviour(behaviour);
  return read.ok && mustBeKept(read.value);
}

/** Those of both, by name. */
export function keptNames(a: LoadtestResult, b: LoadtestResult): string[] {
  return a.cohorts
    .filter((cohort) => keepsUp(cohort) && b.cohorts.some(({ name }) => name === cohort.name))
    .map(({ name }) => name);
}
