// The phases a run will go through and how long each is meant to take. Apart from the run so that a live view can show
// what is still ahead.
import type { PhaseName } from './phase.ts';
import { hasSlowClients, type LoadPlan, needsPressure } from './plan.ts';

/** Share of the duration in which only fast clients are connected, for comparison. */
export const BASELINE_SHARE = 0.35;

/** The phases in which latencies count, of a plan with these cohorts. */
export function measuredPhases(plan: Pick<LoadPlan, 'cohorts'>): readonly PhaseName[] {
  return hasSlowClients(plan) ? ['baseline', 'slow clients'] : ['steady'];
}

export interface PlannedPhase {
  readonly name: PhaseName;
  /** Null for a phase without a fixed duration. */
  readonly millis: number | null;
}

/** So long before the measured time the workers on other machines learn when it begins; the end of the warm-up. */
export const ARM_MILLIS = 3_000;

interface Circumstances {
  /** Without it there is nothing to measure: clients listen for the duration. */
  readonly canBroadcast: boolean;
  /** The clients are on other machines. */
  readonly hasAgents: boolean;
}

export function planPhases(
  plan: LoadPlan,
  { canBroadcast, hasAgents }: Circumstances,
): readonly PlannedPhase[] {
  const { durationMillis, warmupMillis } = plan;
  const connect: PlannedPhase = { name: 'connect', millis: null };
  if (!canBroadcast) return [connect, { name: 'observe', millis: durationMillis }];
  const measured: readonly PlannedPhase[] = hasSlowClients(plan)
    ? [
        { name: 'baseline', millis: durationMillis * BASELINE_SHARE },
        { name: 'slow clients', millis: durationMillis * (1 - BASELINE_SHARE) },
      ]
    : [{ name: 'steady', millis: durationMillis }];
  const arm: readonly PlannedPhase[] = hasAgents ? [{ name: 'arm', millis: ARM_MILLIS }] : [];
  const pressure: readonly PlannedPhase[] = needsPressure(plan) ? [{ name: 'pressure', millis: null }] : [];
  return [
    connect,
    { name: 'warm-up', millis: Math.max(0, warmupMillis - (hasAgents ? ARM_MILLIS : 0)) },
    ...arm,
    ...measured,
    ...pressure,
    { name: 'drain', millis: null },
  ];
}
