// A scenario is played once before any hub hears it: one that is silent, or breaks the order of the protocol by itself,
// would hang the run or have a correct hub blamed.
import { SagaOrder } from '../ledger/events/saga-order.ts';
import type { SagaPlan } from './scenario.ts';
import { startSagas } from './timeline.ts';

const MAX_EVENTS = 5_000;

/** What is wrong with two sagas of the plan, one after the other; undefined when nothing is. */
export function findPlayProblem(plan: SagaPlan): string | undefined {
  const order = new SagaOrder();
  const starts = startSagas(plan, 0, 1);
  for (let saga = 0; saga < 2; saga++) {
    const { events } = starts.next().value;
    let next = events.next();
    if (next.done) return 'the steps emit no event: add a step or an emit';
    for (let count = 0; !next.done && count < MAX_EVENTS; count++) {
      const { envelope } = next.value;
      const disorder = order.judge(envelope, true);
      if (disorder !== undefined)
        return `the scenario itself breaks the order of the protocol: ${disorder}${saga === 1 ? '; give every saga an id of its own with {saga}' : ''}`;
      next = events.next();
    }
  }
  return undefined;
}
