// The deliveries of a run to the clients that read at once, from its measured time on: clients may be registered late.
import { hubsOf } from '../../../target/replicas/joined-targets.ts';
import { KINDS_THAT_STOP_DELIVERIES } from '../../faults/fault-window.ts';
import { keptNames } from '../../plan/plan.ts';
import type { RunContext } from '../run-context.ts';
import { createDeliveryWatch, type DeliveryWatch } from './delivery-watch.ts';

export function watchDeliveries({
  plan,
  target,
  clock,
  progress,
  publisher,
  pool,
  faults,
}: RunContext): DeliveryWatch {
  const kept = keptNames(plan);
  const read = () => ({
    deliveries: progress.sum(kept, 'deliveries'),
    open: progress.sum(kept, 'open'),
    lowestNextSequence: progress.lowestNextSequence(kept),
    acceptedEvents: publisher.acceptedEvents,
  });
  const hubs = hubsOf(target).map((_, hub) => hub);
  const isExcused = (fromMicros: number, untilMicros: number) =>
    faults.isUnderFault(hubs, fromMicros, untilMicros, KINDS_THAT_STOP_DELIVERIES);
  return createDeliveryWatch(clock, read, pool.isCurrent, isExcused);
}
