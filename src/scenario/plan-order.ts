// The order inside the sagas of a scenario, as it is published: a step is running before it is complete or failed, and
// nothing follows the saga's terminal event.
import type { Envelope } from '../protocol/envelope.ts';
import { readSagaEvent } from '../protocol/saga-event.ts';

interface Saga {
  readonly startedSteps: Set<string>;
  endedBy: string | undefined;
}

export class PlanOrder {
  private readonly sagas = new Map<string, Saga>();

  /** One sentence on what is out of order, or undefined. Takes events from the start of the scenario on. */
  judge(envelope: Envelope): string | undefined {
    const event = readSagaEvent(envelope);
    if (event === undefined) return undefined;
    const { sagaId, type, isTerminal, step } = event;
    const saga = this.sagas.get(sagaId) ?? { startedSteps: new Set(), endedBy: undefined };
    this.sagas.set(sagaId, saga);
    if (saga.endedBy !== undefined) return `${type} of saga ${sagaId} after its ${saga.endedBy}`;
    if (isTerminal) saga.endedBy = type;
    if (step === undefined) return undefined;
    if (step.status === 'running') saga.startedSteps.add(step.name);
    else if (!saga.startedSteps.has(step.name))
      return `step ${step.name} of saga ${sagaId} is ${step.status} and was never running`;
    return undefined;
  }
}
