// Waits until every worker has confirmed a message, or for a moment: a worker that is gone, or too busy, does not keep a fault
// from happening.
import type { Clock } from '../../../time/clock.ts';

const CONFIRM_MILLIS = 1_000;

export interface Confirmations {
  /** Passes the message's number to `post`; resolves once all workers have confirmed it, or after a second. */
  request(post: (id: number) => void): Promise<void>;
  confirm(worker: number, id: number): void;
  /** It confirms nothing more. */
  lose(worker: number): void;
}

export function createConfirmations(clock: Clock, workers: number): Confirmations {
  const lost = new Set<number>();
  const open = new Map<number, { readonly missing: Set<number>; readonly done: () => void }>();
  let nextId = 0;

  function settle(worker: number, id: number): void {
    const request = open.get(id);
    request?.missing.delete(worker);
    if (request?.missing.size === 0) request.done();
  }

  return {
    request(post) {
      const id = nextId++;
      const missing = new Set(Array.from({ length: workers }, (_, worker) => worker));
      for (const worker of lost) missing.delete(worker);
      return new Promise((resolve) => {
        const timer = clock.after(CONFIRM_MILLIS, () => done());
        const done = () => {
          timer.cancel();
          open.delete(id);
          resolve();
        };
        open.set(id, { missing, done });
        post(id);
        if (missing.size === 0) done();
      });
    },
    confirm: settle,
    lose(worker) {
      lost.add(worker);
      for (const id of [...open.keys()]) settle(worker, id);
    },
  };
}
