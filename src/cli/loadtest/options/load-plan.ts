// From the flags of a load plan to the plan. Nothing starts here; every mistake is one line.
import { findObstacle, type PreflightInput } from '../../../load/machine/preflight.ts';
import { createPlan, type PlanWords } from '../../../load/plan/create-plan.ts';
import type { LoadPlan } from '../../../load/plan/plan.ts';
import { UsageError } from '../../options/usage-error.ts';
import type { FaultValues } from './fault-options.ts';
import type { PlanValues } from './plan-options.ts';

export function refuseRateWithSpeed(values: Pick<PlanValues, 'rate' | 'speed'>): void {
  if (values.rate !== undefined && values.speed !== undefined)
    throw new UsageError(
      '--speed: has no effect with --rate, which replaces the times of the scenario; leave out one of them',
    );
}

export function planWords(values: PlanValues & FaultValues): PlanWords {
  return {
    clients: values.clients,
    cohorts: values.cohort,
    scenarios: values.scenario,
    speed: values.speed,
    ratePerSecond: typeof values.rate === 'number' ? values.rate : undefined,
    rateStages: typeof values.rate === 'string' ? values.rate : undefined,
    stages: values.stages,
    durationMillis: values.duration,
    warmupMillis: values.warmup,
    rampPerSecond: values.ramp,
    thresholds: values.threshold,
    workers: values.workers,
    httpLoadConnections: values['http-load'],
    compression: values.compression,
    readBackend: values['read-backend'],
    localAddresses: values['local-address'],
    clientBufferMessages: values['client-buffer'],
    faults: values.fault,
    reconnect: values.reconnect,
    allowExec: values['allow-exec'],
    seed: values.seed,
  };
}

/** `hubs`: their URLs, where they are known. Throws UsageError, naming the flag. */
export function mustCreatePlan(
  values: PlanValues & FaultValues,
  hubs?: readonly (string | undefined)[],
): LoadPlan {
  refuseRateWithSpeed(values);
  const plan = createPlan(planWords(values), hubs);
  if (!plan.ok) throw new UsageError(`${FLAG_OF[plan.field]}: ${plan.problem}`);
  return plan.value;
}

/** Throws UsageError, naming the flag, where this machine has not what a run needs. */
export async function mustHaveRoom(input: PreflightInput): Promise<void> {
  const obstacle = await findObstacle(input);
  if (obstacle !== undefined) throw new UsageError(`${FLAG_OF[obstacle.field]}: ${obstacle.problem}`);
}

export const FLAG_OF: Readonly<Record<keyof PlanWords, string>> = {
  clients: '--clients',
  cohorts: '--cohort',
  scenarios: '--scenario',
  speed: '--speed',
  ratePerSecond: '--rate',
  rateStages: '--rate',
  stages: '--stages',
  durationMillis: '--duration',
  warmupMillis: '--warmup',
  rampPerSecond: '--ramp',
  thresholds: '--threshold',
  workers: '--workers',
  httpLoadConnections: '--http-load',
  compression: '--compression',
  readBackend: '--read-backend',
  localAddresses: '--local-address',
  clientBufferMessages: '--client-buffer',
  faults: '--fault',
  reconnect: '--reconnect',
  allowExec: '--allow-exec',
  seed: '--seed',
};
