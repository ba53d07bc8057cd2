// What a run is to do, complete and checked: everything a person gave has been parsed by now.

import { mustBeEvicted, mustBeKept, renderBehaviour } from '../../client/behaviour.ts';
import type { Cohort } from '../../client/cohort.ts';
import { renderReconnect } from '../../client/reconnect/reconnect-language.ts';
import type { Fault } from '../../faults/language/fault.ts';
import type { ReadBackend } from '../../kit/read-backends.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { renderStages, type Stage } from '../../units/stages.ts';
import type { LocalAddresses } from '../machine/sources/local-address-language.ts';
import type { PlanSummary } from './plan-summary.ts';
import { mostClients } from './stages/client-stages.ts';
import type { Threshold } from './thresholds/parse-threshold.ts';
import { DEFAULT_RELEASE_LIMIT_MILLIS } from './thresholds/release-limit.ts';

export interface LoadPlan {
  readonly cohorts: readonly Cohort[];
  readonly scenarios: readonly Scenario[];
  /** Replay speed of the scenarios; 10 is ten times as fast. */
  readonly speed: number;
  /** Events per second instead of the scenarios' own times. */
  readonly ratePerSecond: number | undefined;
  /** How the rate changes over the measured time, where it does. */
  readonly rateStages?: readonly Stage[] | undefined;
  readonly durationMillis: number;
  readonly warmupMillis: number;
  /** Connections per second. */
  readonly rampPerSecond: number;
  readonly workers: number;
  /** Why so many; undefined where the user named the number. */
  readonly workersReason?: string | undefined;
  readonly httpLoadConnections: number;
  /** Clients offer permessage-deflate, as browsers do. */
  readonly compression: boolean;
  /** How fast clients are read. */
  readonly readBackend: ReadBackend;
  /** Where clients connect from; empty: the kit chooses. */
  readonly localAddresses: readonly LocalAddresses[];
  readonly thresholds: readonly Threshold[];
  /** Messages that the hub buffers for each client; undefined: not known. */
  readonly clientBufferMessages: number | undefined;
  /** What is done to the hub in the measured time. */
  readonly faults: readonly Fault[];
  readonly seed: number;
}

/** The thresholds of a plan that names none, for the cohorts it has. */
export function defaultThresholds(cohorts: readonly Cohort[]): string[] {
  const kept = cohorts
    .filter(({ behaviour }) => mustBeKept(behaviour))
    .map(({ name }) => `evicted{cohort=${name}}==0`);
  const evicted = evictedNames({ cohorts }).flatMap((name) => [
    `evicted{cohort=${name}}.rate==100%`,
    `released{cohort=${name}}.p99<${DEFAULT_RELEASE_LIMIT_MILLIS / 1e3}s`,
  ]);
  return ['lost==0', 'duplicated==0', 'reordered==0', 'corrupted==0', ...kept, ...evicted];
}

/** The most that are connected at a time. */
export function countClients(cohorts: readonly Cohort[]): number {
  return cohorts.reduce((total, cohort) => total + mostClients(cohort), 0);
}

/** The cohorts with the most clients that each has at a time: each of these needs who it is. */
export function cohortsAtMost({ cohorts }: Pick<LoadPlan, 'cohorts'>): Pick<Cohort, 'name' | 'clients'>[] {
  return cohorts.map((cohort) => ({ name: cohort.name, clients: mostClients(cohort) }));
}

/** Names of the cohorts that read everything, so that the hub must keep them. */
export function keptNames({ cohorts }: LoadPlan): string[] {
  return cohorts.filter(({ behaviour }) => mustBeKept(behaviour)).map(({ name }) => name);
}

/** Names of the cohorts that read at once: slow clients must not hurt them. */
export function fastNames({ cohorts }: LoadPlan): string[] {
  return cohorts
    .filter(({ behaviour }) => behaviour.kind === 'fast' && mustBeKept(behaviour))
    .map(({ name }) => name);
}

/** Names of the cohorts that the hub need not keep. */
export function slowNames({ cohorts }: Pick<LoadPlan, 'cohorts'>): string[] {
  return cohorts.filter(({ behaviour }) => !mustBeKept(behaviour)).map(({ name }) => name);
}

/** Names of the cohorts that stop reading without end, so that the hub must disconnect them. */
export function evictedNames({ cohorts }: Pick<LoadPlan, 'cohorts'>): string[] {
  return cohorts.filter(({ behaviour }) => mustBeEvicted(behaviour)).map(({ name }) => name);
}

export function hasSlowClients(plan: Pick<LoadPlan, 'cohorts'>): boolean {
  return slowNames(plan).length > 0;
}

/** Does the plan have clients that a correct hub must evict, so that their queues must be filled? */
export function needsPressure(plan: LoadPlan): boolean {
  return evictedNames(plan).length > 0;
}

export function summarizePlan(plan: LoadPlan): PlanSummary {
  return {
    scenarios: plan.scenarios.map(({ name }) => name),
    speed: plan.speed,
    ratePerSecond: plan.ratePerSecond ?? null,
    ...(plan.rateStages === undefined ? {} : { rateStages: renderStages(plan.rateStages) }),
    cohorts: plan.cohorts.map(({ name, clients, behaviour, reconnect, stages }) => ({
      name,
      clients,
      behaviour: renderBehaviour(behaviour),
      ...(reconnect === undefined ? {} : { reconnect: renderReconnect(reconnect) }),
      ...(stages === undefined ? {} : { stages: renderStages(stages) }),
    })),
    durationMs: plan.durationMillis,
    warmupMillis: plan.warmupMillis,
    rampPerSecond: plan.rampPerSecond,
    workers: plan.workers,
    ...(plan.workersReason === undefined ? {} : { workersReason: plan.workersReason }),
    httpLoadConnections: plan.httpLoadConnections,
    ...(plan.compression ? { compression: true } : {}),
    ...(plan.readBackend === 'auto' ? {} : { readBackend: plan.readBackend }),
    ...(plan.localAddresses.length === 0
      ? {}
      : { localAddresses: plan.localAddresses.map(({ written }) => written) }),
    ...(plan.clientBufferMessages === undefined ? {} : { clientBufferMessages: plan.clientBufferMessages }),
    ...(plan.faults.length === 0 ? {} : { faults: plan.faults.map(({ written }) => written) }),
  };
}
