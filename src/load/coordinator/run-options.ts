// What a run is given, and what it shows while it goes on.

import type { LostAgentPolicy } from '../../kit/lost-agent.ts';
import type { Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import type { LatencyBuckets } from '../outputs/latency-buckets.ts';
import type { PhaseName } from '../plan/phase.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { LoadtestResult } from '../result/result.ts';
import type { CohortProgress } from '../worker/worker-messages.ts';
import type { FaultsView } from './watch/view-faults.ts';
import type { Fleet } from './workers/fleet.ts';
import type { AgentView } from './workers/view-agents.ts';

export interface LoadRunOptions {
  readonly target: Target;
  readonly plan: LoadPlan;
  readonly kitVersion: string;
  readonly clock: Clock;
  /** Where the clients are, if not in processes of this machine; the plan has as many workers. */
  readonly fleet?: Fleet | undefined;
  /** Whether the run goes on without agents that are lost; default `end`. */
  readonly lostAgent?: LostAgentPolicy | undefined;
  /** Aborted when the user stops the run. */
  readonly interruption: AbortSignal;
  readonly onProgress: (view: ProgressView) => void;
  /**
   * Gets the result so far again and again while the run goes on, marked as partial. It resolves when that is kept, and never
   * rejects. Undefined: nobody keeps one.
   */
  readonly writeJournal?: ((soFar: LoadtestResult) => Promise<void>) | undefined;
  /** A threshold that can no longer hold ends the run, from so long after the start of the measured time; undefined: none does. */
  readonly abortAfterMillis?: number | undefined;
}

/** What a person may see while the run goes on. */
export interface ProgressView {
  readonly phase: PhaseName;
  readonly elapsedMillis: number;
  readonly publishedEvents: number;
  /** Sent minus due, of measured events so far; null before the first. */
  readonly latenessMicros: { readonly p99: number; readonly max: number } | null;
  /** The hub's process, at most a second old; null where it cannot be read. */
  readonly hub: { readonly rssBytes: number; readonly cpuSeconds: number } | null;
  readonly cohorts: readonly CohortView[];
  /** Absent in a run without faults. */
  readonly faults?: FaultsView;
  /** The machines of the clients; absent where these are on this one. */
  readonly agents?: readonly AgentView[];
  /** Of clients that come back, so far; absent in a run whose clients do not. */
  readonly returns?: { readonly attempts: number; readonly failedAttempts: number };
}

interface CohortView extends CohortProgress {
  /** Of measured events, to the last whole second; null before the first. */
  readonly latency: CohortLatency | null;
}

export interface CohortLatency {
  readonly count: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly buckets: LatencyBuckets;
  /** The latest whole second in which something was measured. */
  readonly lastSecond: { readonly p50Micros: number; readonly p99Micros: number };
}
