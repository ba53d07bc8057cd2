// The order inside a saga, judged once per event: a step is running before it is complete or failed, and nothing
// follows the saga's terminal event. Bounded: of more sagas than it remembers, the oldest are forgotten unjudged.
import type { Envelope } from '../protocol/envelope.ts';

const MAX_SAGAS = 50_000;
const MAX_STEPS = 1_000;
const TERMINAL_TYPES: ReadonlySet<string> = new Set(['deploy.completed', 'deploy.failed']);
const DEPLOY_TYPES: ReadonlySet<string> = new Set(['deploy.step', 'deploy.progress', ...TERMINAL_TYPES]);

interface Saga {
  readonly startedSteps: Set<string>;
  /** Seen from its beginning, so that a step that never ran is a fault and not something from before the join. */
  readonly isWhole: boolean;
  endedBy: string | undefined;
}

export class SagaOrder {
  private readonly sagas = new Map<string, Saga>();

  /**
   * One sentence on what is out of order, or undefined. Takes events in the order in which they were first seen;
   * `isSeenFromStart` says that the first event of the run was among them.
   */
  judge(envelope: Envelope, isSeenFromStart: boolean): string | undefined {
    const sagaId = envelope.payload?.sagaId;
    if (typeof sagaId !== 'string' || !DEPLOY_TYPES.has(envelope.type)) return undefined;
    const saga = this.sagaOf(sagaId, isSeenFromStart || envelope.payload.status === 'running');
    if (saga.endedBy !== undefined) return `${envelope.type} of saga ${sagaId} after its ${saga.endedBy}`;
    if (TERMINAL_TYPES.has(envelope.type)) saga.endedBy = envelope.type;
    if (envelope.type !== 'deploy.step') return undefined;
    return judgeStep(saga, sagaId, envelope.payload.step, envelope.payload.status);
  }

  private sagaOf(sagaId: string, isWhole: boolean): Saga {
    const known = this.sagas.get(sagaId);
    if (known !== undefined) return known;
    if (this.sagas.size >= MAX_SAGAS) {
      const oldest = this.sagas.keys().next();
      if (!oldest.done) this.sagas.delete(oldest.value);
    }
    const saga: Saga = { startedSteps: new Set(), isWhole, endedBy: undefined };
    this.sagas.set(sagaId, saga);
    return saga;
  }
}

function judgeStep(saga: Saga, sagaId: string, step: unknown, status: unknown): string | undefined {
  if (typeof step !== 'string') return undefined;
  if (status === 'running') {
    if (saga.startedSteps.size < MAX_STEPS) saga.startedSteps.add(step);
    return undefined;
  }
  if (!saga.isWhole || (status !== 'complete' && status !== 'failed')) return undefined;
  if (saga.startedSteps.has(step)) return undefined;
  return `step ${step} of saga ${sagaId} is ${status} and was never running`;
}
