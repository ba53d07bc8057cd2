// The phases a run will go through and how long each is meant to take. Apart from the run so that a live view can show
// what is still ahead.
import { mustBeKept } from '../../client/behaviour.ts';
import { needsPressure } from '../coordinator/pressure.ts';
import type { LoadPlan } from './plan.ts';

/** Share of the duration in which only fast clients are connected, for comparison. */
export const BASELINE_SHARE = 0.35;

export interface PlannedPhase {
  /** As in `ProgressView.phase`. */
  readonly name: string;
  /** Null where it takes as long as it takes. */
  readonly millis: number | null;
}

/** `canBroadcast`: without a trigger there is nothing to measure, and clients listen. */
export function planPhases(plan: LoadPlan, canBroadcast: boolean): readonly PlannedPhase[] {
  const { durationMillis, warmupMillis } = plan;
  const connect = { name: 'connect', millis: null };
  if (!canBroadcast) return [connect, { name: 'observe', millis: durationMillis }];
  const hasSlow = plan.cohorts.some(({ behaviour }) => !mustBeKept(behaviour));
  const measured = hasSlow
    ? [
        { name: 'baseline', millis: durationMillis * BASELINE_SHARE },
        { name: 'slow clients', millis: durationMillis * (1 - BASELINE_SHARE) },
      ]
    : [{ name: 'steady', millis: durationMillis }];
  return [
    connect,
    { name: 'warm-up', millis: warmupMillis },
    ...measured,
    ...(needsPressure(plan) ? [{ name: 'pressure', millis: null }] : []),
    { name: 'drain', millis: null },
  ];
}
