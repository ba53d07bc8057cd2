// Waiting inside a check: for a condition that events of any client may make true, always with a deadline and always
// with a name, so that whoever gives up on the check can say what it was waiting for.
import type { Clock } from '../../time/clock.ts';

export interface Waits {
  /** True as soon as `holds` does; false when the deadline passed, `isHopeless` became true, or the lab was closed. */
  until(
    holds: () => boolean,
    isHopeless: () => boolean,
    what: string,
    deadlineMillis?: number,
  ): Promise<boolean>;
  /** Something happened: look again. */
  poke(): void;
  /** What is being waited for at this moment. */
  readonly pending: readonly string[];
  /** Ends every wait with false, now and later. */
  abandon(): void;
}

interface Waiter {
  readonly look: () => boolean;
}

export function createWaits(clock: Clock, patienceMillis: number): Waits {
  const waiters = new Map<Waiter, string>();
  let isAbandoned = false;

  function poke(): void {
    for (const waiter of [...waiters.keys()]) if (waiter.look()) waiters.delete(waiter);
  }

  return {
    poke,
    get pending() {
      return [...waiters.values()];
    },
    until(holds, isHopeless, what, deadlineMillis = patienceMillis) {
      if (holds()) return Promise.resolve(true);
      if (isAbandoned || isHopeless()) return Promise.resolve(false);
      return new Promise((resolve) => {
        const finish = (outcome: boolean): true => {
          timer.cancel();
          resolve(outcome);
          return true;
        };
        const waiter: Waiter = {
          look() {
            if (holds()) return finish(true);
            return isAbandoned || isHopeless() ? finish(false) : false;
          },
        };
        const timer = clock.after(deadlineMillis, () => {
          waiters.delete(waiter);
          // A last look: the event loop may have been late, and what came meanwhile counts.
          setImmediate(() => resolve(holds()));
        });
        waiters.set(waiter, `${what} within ${deadlineMillis} ms`);
      });
    },
    abandon() {
      isAbandoned = true;
      poke();
    },
  };
}
