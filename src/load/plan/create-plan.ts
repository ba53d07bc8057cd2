// From words for clients and limits, as people write them, to a checked plan. Nothing is started here.
import { availableParallelism } from 'node:os';
import { type Cohort, parseCohort } from '../../client/cohort.ts';
import { findBadValue } from '../../kit/option-rules.ts';
import type { ReadBackend } from '../../kit/read-backends.ts';
import { loadScenario } from '../../scenario/load-scenario.ts';
import type { Parsed } from '../../units/parsed.ts';
import { parseRateStages, type Stage, stagesMillis } from '../../units/stages.ts';
import { findRingProblem } from '../../wire/ring/read-backend.ts';
import { planFaults } from '../faults/plan-faults.ts';
import { readOwnDescriptors } from '../machine/machine-limits.ts';
import { parseLocalAddresses } from '../machine/sources/local-address-language.ts';
import { countWorkers } from '../machine/worker-count.ts';
import { countClients, defaultThresholds, type LoadPlan } from './plan.ts';
import { PLAN_DEFAULTS } from './plan-defaults.ts';
import { PLAN_RULES } from './plan-rules.ts';
import { measuredPhases } from './planned-phases.ts';
import { withStages } from './stages/client-stages.ts';
import { findUnmeasured } from './thresholds/find-unmeasured.ts';
import { findTooLongWindow } from './thresholds/in-time.ts';
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
  /** How the rate changes over the measured time, from 0 on: `30s:50, 1m:200` rises to 50 events per second within 30 s. */
  readonly rateStages?: string | undefined;
  /** How the fast clients change over the measured time, `30s:1000, 10s:0`; with `NAME=` before it, those of a cohort. */
  readonly stages?: readonly string[] | undefined;
  /** Measured time; by default as long as the longest stages, or 30,000. */
  readonly durationMillis?: number | undefined;
  /** Time before it, not measured. */
  readonly warmupMillis?: number | undefined;
  /** Connections per second. */
  readonly rampPerSecond?: number | undefined;
  /** Limits that fail the run, such as `latency{cohort=fast}.p99<50ms`. */
  readonly thresholds?: readonly string[] | undefined;
  /** Client processes; `auto` leaves the hub a core of its own, and follows the limit of descriptors. */
  readonly workers?: number | 'auto' | undefined;
  /** Connections that load the HTTP side meanwhile. */
  readonly httpLoadConnections?: number | undefined;
  /** Clients offer permessage-deflate (RFC 7692), as browsers do. Default false. */
  readonly compression?: boolean | undefined;
  /** How fast clients are read: `ring` through io_uring, `net` by Node's sockets; `auto` takes the ring where there is one. */
  readonly readBackend?: ReadBackend | undefined;
  /**
   * Addresses of this machine that clients connect from, such as `10.0.0.5`, `10.0.0.5-10.0.0.20` or `10.0.0.0/24`. Default: the
   * system's choice; on IPv4 loopback as many as the ports of the clients need.
   */
  readonly localAddresses?: readonly string[] | undefined;
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
const TWO_RATES = 'give one rate: a number of events per second, or stages';

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
  const ringProblem = words.readBackend === 'ring' ? findRingProblem() : undefined;
  if (ringProblem !== undefined)
    return {
      ok: false,
      field: 'readBackend',
      problem: `${ringProblem}; leave it out to read without a ring`,
    };
  const localAddresses = parseLocalAddresses(words.localAddresses ?? []);
  if (!localAddresses.ok) return { ...localAddresses, field: 'localAddresses' };
  const rate = readRate(words);
  if (!rate.ok) return rate;
  const written = readCohorts(words);
  if (!written.ok) return { ...written, field: 'cohorts' };
  const scenarios = parseEach(words.scenarios ?? [PLAN_DEFAULTS.scenario], loadScenario);
  if (!scenarios.ok) return { ...scenarios, field: 'scenarios' };
  const ofScenarios = new Set(scenarios.value.flatMap(({ reconnect = [] }) => reconnect));
  const returning = withReconnect(written.value, words.reconnect ?? [...ofScenarios]);
  if (!returning.ok) return { ...returning, field: words.reconnect ? 'reconnect' : 'scenarios' };
  const cohorts = withStages(returning.value, words.stages ?? []);
  if (!cohorts.ok) return { ...cohorts, field: 'stages' };
  const selectable = {
    cohorts: cohorts.value.map(({ name }) => name),
    hubs,
    phases: measuredPhases({ cohorts: cohorts.value }),
  };
  const thresholds = parseEach(words.thresholds ?? defaultThresholds(cohorts.value), (expr) =>
    parseThreshold(expr, selectable),
  );
  if (!thresholds.ok) return { ...thresholds, field: 'thresholds' };
  const durationMillis =
    words.durationMillis ??
    longestMillis([rate.value.rateStages, ...cohorts.value.map(({ stages }) => stages)]);
  const tooLong = findTooLongWindow(thresholds.value, durationMillis);
  if (tooLong !== undefined) return { ok: false, field: 'thresholds', problem: tooLong };
  const faults = planFaults({
    faults: words.faults ?? [],
    scenarios: scenarios.value,
    durationMillis,
    hubs: hubs.length,
  });
  if (!faults.ok) return { ok: false, problem: faults.problem, field: faults.field ?? 'faults' };
  const unmeasured = findUnmeasured(thresholds.value, {
    hasFaults: faults.value.length > 0,
    cohorts: cohorts.value,
  });
  if (unmeasured !== undefined) return { ok: false, field: 'thresholds', problem: unmeasured };
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
    ...rate.value,
    durationMillis,
    warmupMillis: words.warmupMillis ?? PLAN_DEFAULTS.warmupMillis,
    rampPerSecond: words.rampPerSecond ?? PLAN_DEFAULTS.rampPerSecond,
    ...workersFor(words.workers, clients),
    httpLoadConnections: words.httpLoadConnections ?? 0,
    compression: words.compression ?? false,
    readBackend: words.readBackend ?? 'auto',
    localAddresses: localAddresses.value,
    thresholds: thresholds.value,
    clientBufferMessages: words.clientBufferMessages,
    faults: faults.value,
    seed: words.seed ?? 1,
  };
  return { ok: true, value: plan };
}

/** As many as this machine needs for these clients. */
export function workersFor(
  wanted: PlanWords['workers'],
  clients: number,
): Pick<LoadPlan, 'workers' | 'workersReason'> {
  const { workers, reason } = countWorkers({
    wanted: wanted ?? 'auto',
    clients,
    cores: availableParallelism(),
    descriptors: readOwnDescriptors(),
  });
  return { workers, workersReason: reason };
}

type Rate = Pick<LoadPlan, 'ratePerSecond' | 'rateStages'>;
type ReadRate =
  | { readonly ok: true; readonly value: Rate }
  | { readonly ok: false; readonly field: keyof PlanWords; readonly problem: string };

function readRate({ speed, ratePerSecond, rateStages }: PlanWords): ReadRate {
  if (speed !== undefined && (ratePerSecond ?? rateStages) !== undefined)
    return { ok: false, field: 'speed', problem: RATE_WITHOUT_TIMES };
  if (rateStages === undefined) return { ok: true, value: { ratePerSecond } };
  if (ratePerSecond !== undefined) return { ok: false, field: 'rateStages', problem: TWO_RATES };
  const stages = parseRateStages(rateStages);
  if (!stages.ok) return { ...stages, field: 'rateStages' };
  return { ok: true, value: { ratePerSecond, rateStages: stages.value } };
}

function longestMillis(stages: readonly (readonly Stage[] | undefined)[]): number {
  const millis = stages.map((one) => stagesMillis(one ?? []));
  return Math.max(...millis) || PLAN_DEFAULTS.durationMillis;
}

function readCohorts({ clients, cohorts, stages }: PlanWords): Parsed<Cohort[]> {
  const own = clients === undefined ? [] : [`fast=${clients}`];
  const written = [...own, ...(cohorts ?? [])];
  // As in k6, whose stages begin with one.
  if (clients === undefined && needsFast(stages, written)) written.unshift('fast=1');
  const read = parseEach(written.length === 0 ? PLAN_DEFAULTS.cohorts : written, parseCohort);
  if (!read.ok) return read;
  const names = read.value.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return read;
  return { ok: false, problem: `two cohorts are called ${twice}; give each its own name` };
}

/** Stages without the name of a cohort are those of `fast`. */
function needsFast(stages: readonly string[] = [], written: readonly string[]): boolean {
  return stages.some((text) => !/^[^:]*=/.test(text)) && !written.some((text) => /^\s*fast=/.test(text));
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
