// The order inside a saga, judged once per event: a step is running before it is complete or failed, and nothing
// follows the saga's terminal event. Bounded: of more sagas than it remembers, the oldest are forgotten and counted.
import type { Envelope } from '../../protocol/envelope.ts';

const DEFAULT_MAX_SAGAS = 50_000;
const MAX_STEPS = 1_000;
const TERMINAL_TYPES: ReadonlySet<string> = new Set(['deploy.completed', 'deploy.failed', 'app.restarted']);
const JUDGED_TYPES: ReadonlySet<string> = new Set(['deploy.step', 'deploy.progress', ...TERMINAL_TYPES]);

interface Saga {
  readonly startedSteps: Set<string>;
  /** Seen from its beginning, so that a step that never ran is a fault and not something from before the join. */
  readonly isWhole: boolean;
  endedBy: string | undefined;
}

export class SagaOrder {
  /** Sagas forgotten before their end: what comes of them later is judged as if joined in the middle. */
  forgottenOpenSagas = 0;
  private readonly sagas = new Map<string, Saga>();
  private readonly maxSagas: number;

  constructor(maxSagas = DEFAULT_MAX_SAGAS) {
    this.maxSagas = maxSagas;
  }

  /**
   * One sentence on what is out of order, or undefined. Takes events in the order in which they were first seen;
   * `isSeenFromStart` says that the first event of the run was among them. Without it no step is missed: steps may
   * overlap, so that even a saga whose first seen event is a step's start may have begun before the join.
   */
  judge(envelope: Envelope, isSeenFromStart: boolean): string | undefined {
    const { sagaId } = envelope.payload;
    if (typeof sagaId !== 'string' || !JUDGED_TYPES.has(envelope.type)) return undefined;
    const saga = this.sagaOf(sagaId, isSeenFromStart);
    if (saga.endedBy !== undefined) return `${envelope.type} of saga ${sagaId} after its ${saga.endedBy}`;
    if (TERMINAL_TYPES.has(envelope.type)) saga.endedBy = envelope.type;
    if (envelope.type !== 'deploy.step') return undefined;
    return judgeStep(saga, sagaId, envelope.payload.step, envelope.payload.status);
  }

  private sagaOf(sagaId: string, isSeenFromStart: boolean): Saga {
    const known = this.sagas.get(sagaId);
    if (known !== undefined) return known;
    if (this.sagas.size >= this.maxSagas) this.forgetOldest();
    // After an open saga was forgotten, one that looks new may be the rest of it.
    const isWhole = isSeenFromStart && this.forgottenOpenSagas === 0;
    const saga: Saga = { startedSteps: new Set(), isWhole, endedBy: undefined };
    this.sagas.set(sagaId, saga);
    return saga;
  }

  private forgetOldest(): void {
    for (const [sagaId, saga] of this.sagas) {
      if (saga.endedBy === undefined) this.forgottenOpenSagas++;
      this.sagas.delete(sagaId);
      return;
    }
  }
}

function judgeStep(saga: Saga, sagaId: string, step: unknown, status: unknown): string | undefined {
  if (typeof step !== 'string') return undefined;
  if (status === 'running') {
    if (saga.startedSteps.size < MAX_STEPS) saga.startedSteps.add(step);
    return undefined;
  }
  if (!saga.isWhole || (status !== 'complete' && status !== 'failed')) return undefined;
  // Of more steps than are remembered, none is accused.
  if (saga.startedSteps.has(step) || saga.startedSteps.size >= MAX_STEPS) return undefined;
  return `step ${step} of saga ${sagaId} is ${status} and was never running`;
}
