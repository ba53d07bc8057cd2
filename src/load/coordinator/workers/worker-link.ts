// How a pool reaches one worker process, on this machine or on another: messages in both directions, and its end.
import type { FromWorker, ToWorker } from '../../worker/worker-messages.ts';

export interface WorkerLink {
  /** Does nothing when the worker is gone. */
  post(message: ToWorker): void;
  kill(): void;
}

export interface WorkerEvents {
  onMessage(message: FromWorker): void;
  /** It is gone, or not reachable any more; one sentence. `isAgentLost`: so is the machine that it is on. */
  onEnd(sentence: string, isAgentLost?: boolean): void;
  /** It cannot be started at all. */
  onError(error: Error): void;
}

/** `index` is that of the worker in its pool, from 0. */
export type StartWorker = (index: number, events: WorkerEvents) => WorkerLink;
