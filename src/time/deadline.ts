// Waiting with a deadline: every wait of the kit goes through here, so that a time-out always says what was
// awaited and for how long.
import type { Clock } from './clock.ts';

export class DeadlineError extends Error {
  readonly awaited: string;
  readonly deadlineMillis: number;

  constructor(awaited: string, deadlineMillis: number) {
    super(`no ${awaited} within ${deadlineMillis} ms`);
    this.name = 'DeadlineError';
    this.awaited = awaited;
    this.deadlineMillis = deadlineMillis;
  }
}

/** Resolves as `work` does, or rejects with a DeadlineError after `deadlineMillis`. `awaited` completes "no … within". */
export function withDeadline<T>(
  clock: Clock,
  work: Promise<T>,
  deadlineMillis: number,
  awaited: string,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = clock.after(deadlineMillis, () => reject(new DeadlineError(awaited, deadlineMillis)));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}

/** Resolves after `delayMillis`, or at once when `signal` is aborted (it never rejects). */
export function pause(clock: Clock, delayMillis: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = clock.after(delayMillis, done);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}

/** Whether `work` has settled within `mostMillis`; no timer is left that would keep the process alive. */
export async function untilSettled(
  clock: Clock,
  work: Promise<unknown>,
  mostMillis: number,
): Promise<boolean> {
  const settled = new AbortController();
  const settle = (): void => settled.abort();
  work.then(settle, settle);
  await pause(clock, mostMillis, settled.signal);
  return settled.signal.aborted;
}
