// Whether a hub changed the order inside a saga, judged once per event. Only events that arrived in another order than
// they were published count: a recording may begin in the middle of a saga, and what a scenario publishes out of order
// is no fault of the hub. An event that never arrives is lost, not out of order. Bounded: the oldest sagas are forgotten.
import type { Envelope } from '../../protocol/envelope.ts';
import { readSagaEvent } from '../../protocol/saga-event.ts';

const DEFAULT_MAX_SAGAS = 4_096;
const MAX_STEPS = 1_000;

/** An event that arrived, and its place in the order of publication. */
interface Arrival {
  readonly sequence: number;
  readonly what: string;
}

interface Saga {
  /** The terminal event that was published last of those that arrived. */
  terminal: Arrival | undefined;
  /** By step: its end that was published last of those that arrived. */
  readonly endedSteps: Map<string, Arrival>;
}

export class SagaOrder {
  private readonly sagas = new Map<string, Saga>();
  private readonly maxSagas: number;

  constructor(maxSagas = DEFAULT_MAX_SAGAS) {
    this.maxSagas = maxSagas;
  }

  /** One sentence on what overtook this event in its saga, or undefined. Takes events in the order of their arrival. */
  judge(envelope: Envelope, sequence: number): string | undefined {
    const event = readSagaEvent(envelope);
    if (event === undefined) return undefined;
    const { sagaId, type, isTerminal, step } = event;
    const saga = this.sagaOf(sagaId);
    const problem =
      sequence < (saga.terminal?.sequence ?? -1)
        ? `${type} of saga ${sagaId} arrived after its ${saga.terminal?.what}, and was published before it`
        : step?.status === 'running' && sequence < (saga.endedSteps.get(step.name)?.sequence ?? -1)
          ? `step ${step.name} of saga ${sagaId} arrived as running after it was ${saga.endedSteps.get(step.name)?.what}, and was published before`
          : undefined;
    if (isTerminal) saga.terminal = later(saga.terminal, { sequence, what: type });
    if (step !== undefined && step.status !== 'running') noteEnd(saga, step.name, step.status, sequence);
    return problem;
  }

  private sagaOf(sagaId: string): Saga {
    const known = this.sagas.get(sagaId);
    if (known !== undefined) return known;
    if (this.sagas.size >= this.maxSagas) {
      for (const oldest of this.sagas.keys()) {
        this.sagas.delete(oldest);
        break;
      }
    }
    const saga: Saga = { terminal: undefined, endedSteps: new Map() };
    this.sagas.set(sagaId, saga);
    return saga;
  }
}

function noteEnd({ endedSteps }: Saga, name: string, what: string, sequence: number): void {
  if (!endedSteps.has(name) && endedSteps.size >= MAX_STEPS) return;
  endedSteps.set(name, later(endedSteps.get(name), { sequence, what }));
}

function later(one: Arrival | undefined, other: Arrival): Arrival {
  return one !== undefined && one.sequence > other.sequence ? one : other;
}
