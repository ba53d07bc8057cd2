// Stages of the clients of a cohort: how many are connected at each moment of the measured time, and how many there are in all.
// They lead on from the clients of the cohort, which are connected before.
import { mustBeKept } from '../../../client/behaviour.ts';
import type { Cohort } from '../../../client/cohort.ts';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { levelAt, parseStages } from '../../../units/stages.ts';
import { didYouMean } from '../../../units/suggest.ts';

const MOST_CLIENTS = 1_000_000;
const FAST = 'fast';

/** The cohorts with the stages that `texts` give them: `[NAME=]DURATION:CLIENTS, …`. */
export function withStages(cohorts: readonly Cohort[], texts: readonly string[]): Parsed<Cohort[]> {
  const names = cohorts.map((one) => one.name);
  let staged = [...cohorts];
  for (const text of texts) {
    const [, name = FAST, list = ''] = /^\s*(?:([A-Za-z][A-Za-z0-9_-]*)\s*=)?(.*)$/s.exec(text) ?? [];
    const cohort = staged.find((one) => one.name === name);
    if (cohort === undefined) return unparsed(`no cohort "${name}"${didYouMean(name, names)}`);
    if (cohort.stages !== undefined) return unparsed(`cohort ${name} has stages twice`);
    if (!mustBeKept(cohort.behaviour))
      return unparsed(
        `cohort ${name} has clients that a hub need not keep, whose number the hub decides; stages need clients that keep up, such as fast`,
      );
    const stages = parseStages(list, parseClients);
    if (!stages.ok) return stages;
    staged = staged.map((one) => (one === cohort ? { ...one, stages: stages.value } : one));
  }
  return parsed(staged);
}

function parseClients(text: string): Parsed<number> {
  const clients = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return clients <= MOST_CLIENTS
    ? parsed(clients)
    : unparsed(`"${text}" is not a number of clients from 0 to ${MOST_CLIENTS}`);
}

type Staged = Pick<Cohort, 'clients' | 'stages'>;

/** The most that are connected at a time. */
export function mostClients({ clients, stages = [] }: Staged): number {
  return Math.max(clients, ...stages.map(({ target }) => target));
}

/**
 * How many are to be connected after `afterMillis` of the measured time and until `untilMillis`, one after the other: the end of
 * each stage that ended in between, and the level at last. So nobody depends on when somebody looks.
 */
export function clientsBetween(
  { clients, stages = [] }: Staged,
  afterMillis: number,
  untilMillis: number,
): readonly number[] {
  const levels: number[] = [];
  let endMillis = 0;
  for (const { durationMillis, target } of stages) {
    endMillis += durationMillis;
    if (endMillis > afterMillis && endMillis <= untilMillis) levels.push(target);
  }
  return [...levels, Math.round(levelAt(stages, clients, untilMillis))];
}

/** How many clients there are in all: one that left may come again. */
export function clientsInAll(cohort: Staged, durationMillis: number): number {
  return Math.max(cohort.clients, ...clientsBetween(cohort, -1, durationMillis));
}
