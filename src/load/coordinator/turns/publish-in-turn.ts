// Joins the turns of several hubs to the publisher of a run.
import { hubsOf, publishersOf } from '../../../target/replicas/joined-targets.ts';
import type { Target } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import type { CohortTotals } from '../cohort-progress.ts';
import type { Publisher } from '../publisher.ts';
import type { WorkerPool } from '../worker-pool.ts';
import { createPublishingTurns } from './publishing-turns.ts';

interface TurnsOfRun {
  readonly target: Target;
  readonly publisher: Publisher;
  readonly pool: Pick<WorkerPool, 'refresh'>;
  readonly progress: CohortTotals;
  readonly clock: Clock;
  /** Names of the cohorts that read at once. */
  readonly kept: readonly string[];
}

/** Nothing where events are published at one hub. */
export function publishInTurn({ target, publisher, pool, progress, clock, kept }: TurnsOfRun): void {
  const { takeTurn } = target;
  if (takeTurn === undefined || publishersOf(target).length < 2) return;
  // Without a client that reads at once nothing shows what a hub has delivered.
  const isEachSeen = () => hubsOf(target).every((_, hub) => progress.sum(kept, 'open', hub) > 0);
  publisher.beforeRequest = createPublishingTurns({
    clock,
    takeTurn,
    refresh: pool.refresh,
    haveAll: () => isEachSeen() && progress.lowestNextSequence(kept) >= publisher.acceptedEvents,
  });
}
