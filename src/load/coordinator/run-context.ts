// What the phases of one run work on.

import type { Networks } from '../../faults/network/networks.ts';
import type { Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import type { FaultLog } from '../faults/fault-window.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { Finding } from '../result/result.ts';
import type { CohortTotals } from './cohort-progress.ts';
import type { Publisher } from './publisher.ts';
import type { ProducerSeat } from './rota/producer-messages.ts';
import type { RunControl } from './run-control.ts';
import type { RunWatch } from './watch/run-watch.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface RunContext {
  readonly plan: LoadPlan;
  readonly target: Target;
  readonly clock: Clock;
  readonly control: RunControl;
  readonly publisher: Publisher;
  readonly pool: WorkerPool;
  readonly progress: CohortTotals;
  readonly watch: RunWatch;
  readonly faults: FaultLog;
  readonly networks: Networks;
  /** Agents that publish in turn; undefined where only the coordinator publishes. */
  readonly seats: readonly ProducerSeat[] | undefined;
  /** Takes what only a phase can see; one finding of each name. */
  readonly report: (finding: Finding) => void;
}
