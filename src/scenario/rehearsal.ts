// Plays a scenario once without a hub: one without events would block the run, and one that violates the protocol's order
// would blame a correct hub.
import { PlanOrder } from './plan-order.ts';
import type { SagaPlan } from './scenario.ts';
import { startSagas } from './timeline.ts';

const MAX_EVENTS = 5_000;

/** The problem with two consecutive sagas of the plan, or undefined. */
export function findPlayProblem(plan: SagaPlan): string | undefined {
  const order = new PlanOrder();
  const starts = startSagas(plan, 0, 1);
  for (let saga = 0; saga < 2; saga++) {
    const { events } = starts.next().value;
    let next = events.next();
    if (next.done) return 'the steps emit no event: add a step or an emit';
    for (let count = 0; !next.done && count < MAX_EVENTS; count++) {
      const { envelope } = next.value;
      const disorder = order.judge(envelope);
      if (disorder !== undefined)
        return `the scenario violates the order of the protocol: ${disorder}${saga === 1 ? '; give every saga its own id with {saga}' : ''}`;
      next = events.next();
    }
  }
  return undefined;
}
