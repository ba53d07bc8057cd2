// The flags of a capacity search as a plan for each level and the limits of the search. Every mistake is one line.

import { mustBeKept } from '../../../client/behaviour.ts';
import type { Varied } from '../../../load/find/find-result.ts';
import { SEARCH_DEFAULTS, type SearchOptions } from '../../../load/find/search.ts';
import { countWorkers } from '../../../load/plan/create-plan.ts';
import { countClients, defaultThresholds, type LoadPlan } from '../../../load/plan/plan.ts';
import { findObstacles } from '../../../load/plan/preflight.ts';
import { parsed, unparsed } from '../../../units/parsed.ts';
import { parsePerSecond } from '../../../units/rate.ts';
import { type OptionValues, UsageError } from '../../options/command-line.ts';
import { choice, duration, single } from '../../options/option.ts';
import { mustCreatePlan, PLAN_OPTIONS, type PlanValues } from './load-plan.ts';

const group = 'Search:';
const MOST_CLIENTS = 100_000;
const MOST_EVENTS_PER_SECOND = 100_000;
const DEFAULT_FROM = { rate: 50, clients: 100 } as const;
const DEFAULT_CLIENTS = 200;
const DEFAULT_STEP_MILLIS = 4_000;
const DEFAULT_WARMUP_MILLIS = 500;
const DEFAULT_LATENCY_LIMIT = 'p99<100ms';
/** Connecting should not take most of a step. */
const CONNECT_SECONDS = 2;

const level = (describe: string) =>
  single(describe, 'LEVEL', (text) => {
    const value = parsePerSecond(text);
    return value.ok && !(Number.isInteger(value.value) && value.value >= 1)
      ? unparsed<number>(`"${text}" is not a level: write a whole number from 1`)
      : value;
  });

export const SEARCH_OPTIONS = {
  vary: { ...choice<Varied>('What to search: rate or clients [rate]', 'WHAT', ['rate', 'clients']), group },
  from: {
    ...level(`Where to begin [${DEFAULT_FROM.rate} events/s, ${DEFAULT_FROM.clients} clients]`),
    group,
  },
  to: { ...level(`Never above this [${MOST_EVENTS_PER_SECOND} events/s, or the clients that fit]`), group },
  budget: { ...duration('Time for the whole search [9m]', 1_000), group },
  precision: {
    ...single('How wide the interval may be in the end [12%]', 'SHARE', (text) => {
      const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
      const share = Number(match?.[1]) / 100;
      return share >= 0.03 && share <= 1
        ? parsed(share)
        : unparsed<number>(`"${text}" is not a share from 3% to 100%`);
    }),
    group,
  },
  ...PLAN_OPTIONS,
  duration: {
    ...duration(`Measured time of each step [${DEFAULT_STEP_MILLIS / 1e3}s]`, 1_000),
    group: 'Load:',
  },
  warmup: { ...duration(`Time before it, not measured [${DEFAULT_WARMUP_MILLIS}ms]`), group: 'Load:' },
} as const;

export type SearchValues = OptionValues<typeof SEARCH_OPTIONS>;

export interface FindPlan {
  readonly vary: Varied;
  readonly search: SearchOptions;
  /** What all steps share; its rate, or its clients, are those of the first step. */
  readonly base: LoadPlan;
  readonly planAt: (level: number) => LoadPlan;
}

export async function createFindPlan(values: SearchValues, hubPid?: number): Promise<FindPlan> {
  const vary = values.vary ?? 'rate';
  if (vary === 'rate' && values.rate !== undefined)
    throw new UsageError('--rate: the rate is what is searched; say where to begin with --from');
  const from = values.from ?? Math.min(DEFAULT_FROM[vary], values.to ?? Number.POSITIVE_INFINITY);
  const base = createBasePlan(values);
  const varied = base.cohorts.find(({ behaviour }) => mustBeKept(behaviour));
  if (!varied) throw new UsageError('--cohort: a search needs clients that read at once, such as fast=100');
  const atLevel = (plan: LoadPlan, level: number): LoadPlan =>
    vary === 'rate' ? { ...plan, ratePerSecond: level } : withClients(plan, varied.name, level, values);
  const obstacleAt = async (level: number): Promise<string | undefined> => {
    const { cohorts, workers } = atLevel(base, level);
    const clients = countClients(cohorts);
    return (await findObstacles({ clients, workers, hubPid }))[0];
  };
  const most = values.to ?? (vary === 'rate' ? MOST_EVENTS_PER_SECOND : await largestThatFits(obstacleAt));
  if (from > most) throw new UsageError(`--from: ${from} is above --to, ${most}`);
  const obstacle = await obstacleAt(most);
  if (obstacle !== undefined) throw new UsageError(`--${vary === 'clients' ? 'to' : 'clients'}: ${obstacle}`);
  const precision = 1 + (values.precision ?? SEARCH_DEFAULTS.precision - 1);
  return {
    vary,
    search: { ...SEARCH_DEFAULTS, from, least: 1, most, precision },
    base: atLevel(base, from),
    planAt: (level) => atLevel(base, level),
  };
}

function createBasePlan(values: SearchValues): LoadPlan {
  const hasClients = values.clients !== undefined || values.cohort !== undefined;
  const given: PlanValues = {
    ...values,
    duration: values.duration ?? DEFAULT_STEP_MILLIS,
    warmup: values.warmup ?? DEFAULT_WARMUP_MILLIS,
    clients: hasClients ? values.clients : DEFAULT_CLIENTS,
  };
  if (values.threshold !== undefined) return mustCreatePlan(given);
  const { cohorts } = mustCreatePlan(given);
  const latency = cohorts
    .filter(({ behaviour }) => mustBeKept(behaviour))
    .map(({ name }) => `latency{cohort=${name}}.${DEFAULT_LATENCY_LIMIT}`);
  return mustCreatePlan({ ...given, threshold: [...latency, ...defaultThresholds(cohorts)] });
}

function withClients(plan: LoadPlan, name: string, clients: number, values: SearchValues): LoadPlan {
  const cohorts = plan.cohorts.map((cohort) => (cohort.name === name ? { ...cohort, clients } : cohort));
  const total = countClients(cohorts);
  return {
    ...plan,
    cohorts,
    workers: countWorkers(values.workers ?? 'auto', total),
    rampPerSecond: values.ramp ?? Math.max(plan.rampPerSecond, total / CONNECT_SECONDS),
  };
}

/** Halves until descriptors and ports are enough. */
async function largestThatFits(obstacleAt: (level: number) => Promise<string | undefined>): Promise<number> {
  let clients = MOST_CLIENTS;
  while (clients > 1 && (await obstacleAt(clients)) !== undefined) clients = Math.floor(clients * 0.8);
  return clients;
}
