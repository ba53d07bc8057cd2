// A capacity search in words: the plan for each level and the limits of the search. Flags and library options share it;
// `written` is how the caller writes the name of an option.
import { mustBeKept } from '../../client/behaviour.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { findObstacle, type HubAhead, type Obstacle } from '../machine/preflight.ts';
import { type CreatedPlan, createPlan, type PlanWords, workersFor } from '../plan/create-plan.ts';
import { countClients, defaultThresholds, type LoadPlan } from '../plan/plan.ts';

import {
  DEFAULT_FROM,
  DEFAULT_STEP_MILLIS,
  DEFAULT_STEP_WARMUP_MILLIS,
  MOST_EVENTS_PER_SECOND,
} from './find-defaults.ts';
import type { Varied } from './find-result.ts';
import { SEARCH_DEFAULTS, type SearchOptions } from './search.ts';

const MOST_CLIENTS = 100_000;
/** Agents show what they carry when they are claimed. */
const MOST_CLIENTS_ELSEWHERE = 1_000_000;
const STAGED = ['rateStages', 'stages'] as const;
const DEFAULT_CLIENTS = 200;
const DEFAULT_LATENCY_LIMIT = 'p99<100ms';
/** Connecting should not take most of a step. */
const CONNECT_SECONDS = 2;

/** `durationMillis` and `warmupMillis` are those of each step, by default 4,000 and 500. */
export interface SearchWords extends PlanWords {
  /** What is searched: events per second, or clients. Default `rate`. */
  readonly vary?: Varied | undefined;
  /** The level of the first step. Default 50 events per second, or 100 clients. */
  readonly from?: number | undefined;
  /** No level above it is tried. Default 100,000 events per second, or the clients that fit on this machine. */
  readonly to?: number | undefined;
  /** How wide the interval of the answer may be, as a share of it: 0.03 to 1. Default 0.12. */
  readonly precisionShare?: number | undefined;
}

type Written = (option: keyof SearchWords) => string;

export interface FindPlan {
  readonly vary: Varied;
  readonly search: SearchOptions;
  /** What all steps share; its rate, or its clients, are those of the first step. */
  readonly base: LoadPlan;
  readonly planAt: (level: number) => LoadPlan;
}

/** `hasAgents`: the clients are on other machines, so that this one needs no room for them. */
export async function planSearch(
  words: SearchWords,
  hub: HubAhead,
  written: Written,
  { hasAgents = false }: { readonly hasAgents?: boolean } = {},
): Promise<Parsed<FindPlan>> {
  const vary = words.vary ?? 'rate';
  if (vary === 'rate' && words.ratePerSecond !== undefined)
    return unparsed(
      `${written('ratePerSecond')}: the rate is what is searched; say where to begin with ${written('from')}`,
    );
  const staged = STAGED.find((option) => words[option] !== undefined);
  if (staged !== undefined)
    return unparsed(
      `${written(staged)}: each step of a search holds its level; leave out stages, or run them without a search`,
    );
  const from = words.from ?? Math.min(DEFAULT_FROM[vary], words.to ?? Number.POSITIVE_INFINITY);
  const created = createBasePlan(words);
  if (!created.ok) return unparsed(`${written(created.field)}: ${created.problem}`);
  const base = created.value;
  if (base.faults.length > 0)
    return unparsed(
      `${written(words.faults?.length ? 'faults' : 'scenarios')}: a search finds what a hub carries without faults; use them in a single run`,
    );
  const varied = base.cohorts.find(({ behaviour }) => mustBeKept(behaviour));
  if (!varied)
    return unparsed(`${written('cohorts')}: a search needs clients that read at once, such as fast=100`);
  const atLevel = (plan: LoadPlan, level: number): LoadPlan =>
    vary === 'rate' ? { ...plan, ratePerSecond: level } : withClients(plan, varied.name, level, words);
  const obstacleAt = async (level: number): Promise<Obstacle | undefined> => {
    if (hasAgents) return undefined;
    const plan = atLevel(base, level);
    return findObstacle({ ...plan, clients: countClients(plan.cohorts), hubs: [hub] });
  };
  const local = base.localAddresses.length === 0 ? undefined : await obstacleAt(from);
  if (local?.field === 'localAddresses') return unparsed(`${written(local.field)}: ${local.problem}`);
  const most =
    words.to ??
    (vary === 'rate'
      ? MOST_EVENTS_PER_SECOND
      : await largestThatFits(hasAgents ? MOST_CLIENTS_ELSEWHERE : MOST_CLIENTS, obstacleAt));
  if (from > most) return unparsed(`${written('from')}: ${from} is above ${written('to')}, ${most}`);
  const obstacle = await obstacleAt(most);
  if (obstacle !== undefined)
    return unparsed(`${written(vary === 'clients' ? 'to' : obstacle.field)}: ${obstacle.problem}`);
  const precision = 1 + (words.precisionShare ?? SEARCH_DEFAULTS.precision - 1);
  return parsed({
    vary,
    search: { ...SEARCH_DEFAULTS, from, least: 1, most, precision },
    base: atLevel(base, from),
    planAt: (level) => atLevel(base, level),
  });
}

function createBasePlan(words: SearchWords): CreatedPlan {
  const hasClients = words.clients !== undefined || words.cohorts !== undefined;
  const given: PlanWords = {
    ...words,
    durationMillis: words.durationMillis ?? DEFAULT_STEP_MILLIS,
    warmupMillis: words.warmupMillis ?? DEFAULT_STEP_WARMUP_MILLIS,
    clients: hasClients ? words.clients : DEFAULT_CLIENTS,
  };
  const plan = createPlan(given);
  if (!plan.ok || words.thresholds !== undefined) return plan;
  const { cohorts } = plan.value;
  const latency = cohorts
    .filter(({ behaviour }) => mustBeKept(behaviour))
    .map(({ name }) => `latency{cohort=${name}}.${DEFAULT_LATENCY_LIMIT}`);
  return createPlan({ ...given, thresholds: [...latency, ...defaultThresholds(cohorts)] });
}

function withClients(plan: LoadPlan, name: string, clients: number, words: SearchWords): LoadPlan {
  const cohorts = plan.cohorts.map((cohort) => (cohort.name === name ? { ...cohort, clients } : cohort));
  const total = countClients(cohorts);
  return {
    ...plan,
    cohorts,
    ...workersFor(words.workers, total),
    rampPerSecond: words.rampPerSecond ?? Math.max(plan.rampPerSecond, total / CONNECT_SECONDS),
  };
}

/** Goes down until descriptors and ports are enough. */
async function largestThatFits(
  most: number,
  obstacleAt: (level: number) => Promise<Obstacle | undefined>,
): Promise<number> {
  let clients = most;
  while (clients > 1 && (await obstacleAt(clients)) !== undefined) clients = Math.floor(clients * 0.8);
  return clients;
}
