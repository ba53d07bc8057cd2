// A scenario as an endless, lazy, ordered stream of events. The same scenario, seed and speed give the same stream.
import { createRandom } from '../kit/random.ts';
import { EarliestFirst, type Timed } from './earliest-first.ts';
import { draw, runSaga, type ScheduledEvent } from './saga-events.ts';
import type { SagaPlan, Scenario } from './scenario.ts';

export type { ScheduledEvent } from './saga-events.ts';

export interface TimelineOptions {
  readonly seed: number;
  /** 10 replays ten times as fast. Default 1. */
  readonly speed?: number;
}

/** A saga waiting at its next event. */
interface OpenSaga extends Timed {
  readonly events: Iterator<ScheduledEvent>;
  next: ScheduledEvent;
}

/** A plan waiting at its next saga. */
interface OpenPlan extends Timed {
  readonly starts: Generator<SagaStart, never>;
  next: SagaStart;
}

/** The endless stream of all sagas of all scenarios, side by side. Each plan emits: load-scenario.ts ensures it. */
export function* runTimeline(
  scenarios: readonly Scenario[],
  options: TimelineOptions,
): Generator<ScheduledEvent, never> {
  const speed = options.speed ?? 1;
  const sagas = new EarliestFirst<OpenSaga>();
  const plans = openPlans(scenarios, options.seed);
  let started = 0;
  for (;;) {
    const plan = plans.head;
    const saga = sagas.head;
    if (plan && (!saga || plan.atMillis <= saga.atMillis)) {
      const { events } = plan.next;
      const first = events.next();
      if (!first.done)
        sagas.push({ atMillis: first.value.atMillis, order: started++, events, next: first.value });
      plan.next = plan.starts.next().value;
      plan.atMillis = plan.next.atMillis;
      plans.settleHead();
    } else if (saga) {
      yield { atMillis: saga.atMillis / speed, envelope: saga.next.envelope };
      advance(sagas, saga);
    }
  }
}

function openPlans(scenarios: readonly Scenario[], seed: number): EarliestFirst<OpenPlan> {
  const plans = new EarliestFirst<OpenPlan>();
  for (const [order, plan] of scenarios.flatMap(({ sagas }) => sagas).entries()) {
    const starts = startSagas(plan, order, seed);
    const next = starts.next().value;
    plans.push({ atMillis: next.atMillis, order, starts, next });
  }
  return plans;
}

function advance(sagas: EarliestFirst<OpenSaga>, saga: OpenSaga): void {
  const next = saga.events.next();
  if (next.done) {
    sagas.removeHead();
    return;
  }
  saga.next = next.value;
  saga.atMillis = next.value.atMillis;
  sagas.settleHead();
}

export interface SagaStart {
  readonly atMillis: number;
  readonly events: Iterator<ScheduledEvent>;
}

/** The endless stream of one plan's sagas; `index` distinguishes two plans of the same name. */
export function* startSagas(plan: SagaPlan, index: number, seed: number): Generator<SagaStart, never> {
  const name = `${index}/${plan.name}`;
  const random = createRandom(seed, name);
  let atMillis = draw(plan.first, random);
  for (let number = 1; ; number++) {
    const app = plan.apps[Math.floor(random.next() * plan.apps.length)] ?? 'app';
    const saga = `${plan.name}-${seed.toString(36)}-${index}-${number}`;
    const events = runSaga(plan.steps, { app, saga }, atMillis, createRandom(seed, `${name}#${number}`));
    yield { atMillis, events };
    // A span that draws 0 must not start endless sagas at one moment.
    atMillis += Math.max(1, draw(plan.every, random));
  }
}
