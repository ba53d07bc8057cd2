// What a run is given, and what it shows while it goes on.
import type { Target } from '../target/target.ts';
import type { Clock } from '../time/clock.ts';
import type { LoadPlan } from './plan.ts';
import type { CohortProgress } from './worker-messages.ts';

export interface LoadRunOptions {
  readonly target: Target;
  readonly plan: LoadPlan;
  readonly kitVersion: string;
  readonly clock: Clock;
  /** Aborted when the user stops the run. */
  readonly interruption: AbortSignal;
  readonly onProgress: (view: ProgressView) => void;
}

/** What a person may see while the run goes on. */
export interface ProgressView {
  readonly phase: string;
  readonly elapsedMillis: number;
  readonly publishedEvents: number;
  readonly cohorts: readonly CohortProgress[];
}
