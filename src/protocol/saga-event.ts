// What an event says about its saga: whether it is a step's start or end, or the terminal event of the saga.
import type { Envelope } from './envelope.ts';

const TERMINAL_TYPES: ReadonlySet<string> = new Set(['deploy.completed', 'deploy.failed', 'app.restarted']);
const ORDERED_TYPES: ReadonlySet<string> = new Set(['deploy.step', 'deploy.progress', ...TERMINAL_TYPES]);

export interface SagaEvent {
  readonly sagaId: string;
  readonly type: string;
  /** Nothing of the saga is published after it. */
  readonly isTerminal: boolean;
  /** Of a `deploy.step`: a step is `running` before it is `complete` or `failed`. */
  readonly step: { readonly name: string; readonly status: 'running' | 'complete' | 'failed' } | undefined;
}

/** Undefined for an event whose place in a saga does not matter, such as a scaling. */
export function readSagaEvent({ type, payload }: Envelope): SagaEvent | undefined {
  const { sagaId } = payload;
  if (typeof sagaId !== 'string' || !ORDERED_TYPES.has(type)) return undefined;
  return { sagaId, type, isTerminal: TERMINAL_TYPES.has(type), step: readStep(type, payload) };
}

function readStep(type: string, { step, status }: Envelope['payload']): SagaEvent['step'] {
  if (type !== 'deploy.step' || typeof step !== 'string') return undefined;
  if (status !== 'running' && status !== 'complete' && status !== 'failed') return undefined;
  return { name: step, status };
}
