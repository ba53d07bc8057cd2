// Waiting for a condition that any client may make true: always with a deadline, and with the name of what is awaited,
// so that whoever gives up can say what did not come. Checks and fixtures wait through it.
import type { Clock, Timer } from '../time/clock.ts';

interface WaitOptions {
  /** What is awaited, for messages. */
  readonly what: string;
  /** Milliseconds; default: that of the waiter. */
  readonly deadlineMillis?: number | undefined;
  /** True ends the wait with false: the condition cannot hold any more. */
  readonly isHopeless?: () => boolean;
}

export interface Waiter {
  /** True as soon as `holds` does; false after the deadline, when it became hopeless, or after `abandon`. */
  until(holds: () => boolean, options: WaitOptions): Promise<boolean>;
  /** True as soon as `holds` does; false when `progress` has not changed for `quietMillis`. */
  whileMoving(
    holds: () => boolean,
    progress: () => number,
    quietMillis: number,
    what: string,
  ): Promise<boolean>;
  /** Something happened: every condition is evaluated again. */
  poke(): void;
  /** What is awaited at this moment, each with its deadline. */
  readonly pending: readonly string[];
  /** Ends every wait with false, now and later. */
  abandon(): void;
}

interface Wait {
  readonly what: string;
  /** True when the wait is over. */
  readonly look: () => boolean;
}

export function createWaiter(clock: Clock, defaultDeadlineMillis: number): Waiter {
  const waits = new Set<Wait>();
  let isAbandoned = false;

  function poke(): void {
    for (const wait of [...waits]) if (wait.look()) waits.delete(wait);
  }

  function until(holds: () => boolean, options: WaitOptions): Promise<boolean> {
    const { what, deadlineMillis = defaultDeadlineMillis, isHopeless = () => false } = options;
    if (holds()) return Promise.resolve(true);
    if (isAbandoned || isHopeless()) return Promise.resolve(false);
    return new Promise((resolve) => {
      let timer: Timer;
      const wait: Wait = {
        what: `${what} within ${deadlineMillis} ms`,
        look() {
          const isTrue = holds();
          if (!isTrue && !isAbandoned && !isHopeless()) return false;
          timer.cancel();
          resolve(isTrue);
          return true;
        },
      };
      timer = clock.after(deadlineMillis, () => {
        waits.delete(wait);
        // One more look in a later turn: what arrived while the event loop was late counts.
        setImmediate(() => resolve(holds()));
      });
      waits.add(wait);
    });
  }

  async function whileMoving(
    holds: () => boolean,
    progress: () => number,
    quietMillis: number,
    what: string,
  ): Promise<boolean> {
    for (let seen = progress(); ; seen = progress()) {
      const hasMoved = (): boolean => holds() || progress() !== seen;
      if (!(await until(hasMoved, { what, deadlineMillis: quietMillis }))) return false;
      if (holds()) return true;
    }
  }

  return {
    until,
    whileMoving,
    poke,
    get pending() {
      return [...waits].map(({ what }) => what);
    },
    abandon() {
      isAbandoned = true;
      poke();
    },
  };
}
