// From words for clients and limits, as people write them, to a checked plan. Nothing is started here.
import { availableParallelism } from 'node:os';
import { type Cohort, parseCohort } from '../../client/cohort.ts';
import { findBadValue } from '../../kit/option-rules.ts';
import { loadScenario } from '../../scenario/load-scenario.ts';
import type { Parsed } from '../../units/parsed.ts';
import { planFaults } from '../faults/plan-faults.ts';
import { countClients, defaultThresholds, type LoadPlan } from './plan.ts';
import { PLAN_DEFAULTS } from './plan-defaults.ts';
import { PLAN_RULES } from './plan-rules.ts';
import { parseThreshold } from './thresholds/parse-threshold.ts';
import { withReconnect } from './with-reconnect.ts';

/** What a run is to do, in words; what is left out has a default. */
export interface PlanWords {
  /** Fast clients: short for the cohort `fast=N`. */
  readonly clients?: number | undefined;
  /** Clients and how they read, `NAME=COUNT[:BEHAVIOR]`, such as `stalled=50:stall(after=100)`. */
  readonly cohorts?: readonly string[] | undefined;
  /** Shipped names or files. */
  readonly scenarios?: readonly string[] | undefined;
  /** Replay speed of the scenarios; 10 is ten times as fast. */
  readonly speed?: number | undefined;
  /** Events per second, instead of the scenarios' own times. */
  readonly ratePerSecond?: number | undefined;
  /** Measured time. */
  readonly durationMillis?: number | undefined;
  /** Time before it, not measured. */
  readonly warmupMillis?: number | undefined;
  /** Connections per second. */
  readonly rampPerSecond?: number | undefined;
  /** Limits that fail the run, such as `latency{cohort=fast}.p99<50ms`. */
  readonly thresholds?: readonly string[] | undefined;
  /** Client processes; `auto` leaves the hub a core of its own. */
  readonly workers?: number | 'auto' | undefined;
  /** Connections that load the HTTP side meanwhile. */
  readonly httpLoadConnections?: number | undefined;
  /** Clients offer permessage-deflate (RFC 7692), as browsers do. Default false. */
  readonly compression?: boolean | undefined;
  /** Messages that the hub buffers for each client; without it the run finds out how much evicts a client. */
  readonly clientBufferMessages?: number | undefined;
  /** What is done to the hub meanwhile, such as `restart at=15s`; those of the scenarios come on top. */
  readonly faults?: readonly string[] | undefined;
  /** The faults `exec=COMMAND` may run their commands. Default false. */
  readonly allowExec?: boolean | undefined;
  /**
   * How clients come back when their connection ends, such as `backoff(min=250ms,max=8s,factor=2,jitter=full)` or `immediately`;
   * for the cohorts that a hub must keep, or for one with `NAME=` before it. Default: they do not.
   */
  readonly reconnect?: readonly string[] | undefined;
  /** Random seed. */
  readonly seed?: number | undefined;
}

const RATE_WITHOUT_TIMES =
  'leave it out with a rate: events at a rate have no times that could be played faster';

/** `field` names the words that are wrong. */
export type CreatedPlan =
  | { readonly ok: true; readonly value: LoadPlan }
  | { readonly ok: false; readonly field: keyof PlanWords; readonly problem: string };

/** `hubs` are the URLs of the hubs under test, where they are known. */
export function createPlan(
  words: PlanWords,
  hubs: readonly (string | undefined)[] = [undefined],
): CreatedPlan {
  const bad = findBadValue(words, PLAN_RULES);
  if (bad) return { ok: false, field: bad.option as keyof PlanWords, problem: bad.problem };
  if (words.speed !== undefined && words.ratePerSecond !== undefined)
    return { ok: false, field: 'speed', problem: RATE_WITHOUT_TIMES };
  const written = readCohorts(words);
  if (!written.ok) return { ...written, field: 'cohorts' };
  const scenarios = parseEach(words.scenarios ?? [PLAN_DEFAULTS.scenario], loadScenario);
  if (!scenarios.ok) return { ...scenarios, field: 'scenarios' };
  const ofScenarios = new Set(scenarios.value.flatMap(({ reconnect = [] }) => reconnect));
  const cohorts = withReconnect(written.value, words.reconnect ?? [...ofScenarios]);
  if (!cohorts.ok) return { ...cohorts, field: words.reconnect ? 'reconnect' : 'scenarios' };
  const selectable = { cohorts: cohorts.value.map(({ name }) => name), hubs };
  const thresholds = parseEach(words.thresholds ?? defaultThresholds(cohorts.value), (expr) =>
    parseThreshold(expr, selectable),
  );
  if (!thresholds.ok) return { ...thresholds, field: 'thresholds' };
  const durationMillis = words.durationMillis ?? PLAN_DEFAULTS.durationMillis;
  const faults = planFaults({
    faults: words.faults ?? [],
    scenarios: scenarios.value,
    durationMillis,
    hubs: hubs.length,
  });
  if (!faults.ok) return { ok: false, problem: faults.problem, field: faults.field ?? 'faults' };
  const command = faults.value.find(({ kind }) => kind === 'exec');
  if (command !== undefined && words.allowExec !== true)
    return {
      ok: false,
      field: 'allowExec',
      problem: `needed for "${command.written}", which runs a command`,
    };
  const clients = countClients(cohorts.value);
  const plan: LoadPlan = {
    cohorts: cohorts.value,
    scenarios: scenarios.value,
    speed: words.speed ?? PLAN_DEFAULTS.speed,
    ratePerSecond: words.ratePerSecond,
    durationMillis,
    warmupMillis: words.warmupMillis ?? PLAN_DEFAULTS.warmupMillis,
    rampPerSecond: words.rampPerSecond ?? PLAN_DEFAULTS.rampPerSecond,
    workers: countWorkers(words.workers ?? 'auto', clients),
    httpLoadConnections: words.httpLoadConnections ?? 0,
    compression: words.compression ?? false,
    thresholds: thresholds.value,
    clientBufferMessages: words.clientBufferMessages,
    faults: faults.value,
    seed: words.seed ?? 1,
  };
  return { ok: true, value: plan };
}

/** The hub needs a core of its own. */
export function countWorkers(wanted: number | 'auto', clients: number): number {
  return Math.min(clients, wanted === 'auto' ? Math.max(1, availableParallelism() - 1) : wanted);
}

function readCohorts({ clients, cohorts }: PlanWords): Parsed<Cohort[]> {
  const written = [...(clients === undefined ? [] : [`fast=${clients}`]), ...(cohorts ?? [])];
  const read = parseEach(written.length === 0 ? PLAN_DEFAULTS.cohorts : written, parseCohort);
  if (!read.ok) return read;
  const names = read.value.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return read;
  return { ok: false, problem: `two cohorts are called ${twice}; give each its own name` };
}

function parseEach<T>(texts: readonly string[], parse: (text: string) => Parsed<T>): Parsed<T[]> {
  const values: T[] = [];
  for (const text of texts) {
    const one = parse(text);
    if (!one.ok) return one;
    values.push(one.value);
  }
  return { ok: true, value: values };
}
