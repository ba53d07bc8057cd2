// Waiting for a condition that any client may make true: always with a deadline, and with the name of what is awaited,
// so that whoever gives up can say what did not come. Checks and fixtures wait through it.
import type { Clock, Timer } from '../time/clock.ts';

/** How long waits without a deadline of their own last; learns how each of them ended. */
export interface WaitAllowance {
  readonly millis: number;
  /** The wait from `startMillis` to `endMillis`, by one clock, was met, or in vain. */
  ended(isMet: boolean, startMillis: number, endMillis: number): void;
}

interface WaitOptions {
  /** What is awaited, for messages. */
  readonly what: string;
  /** Milliseconds; default: what the waiter allows. */
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

/** `onVain` learns when a wait began (a reading of the clock) whose deadline has passed. */
export function createWaiter(
  clock: Clock,
  allowance: number | WaitAllowance,
  onVain: (startMicros: number) => void = () => {},
): Waiter {
  const waits = new Set<Wait>();
  let isAbandoned = false;

  function poke(): void {
    for (const wait of [...waits]) if (wait.look()) waits.delete(wait);
  }

  async function until(holds: () => boolean, options: WaitOptions): Promise<boolean> {
    if (options.deadlineMillis !== undefined) return untilDeadline(holds, options, options.deadlineMillis);
    if (typeof allowance === 'number') return untilDeadline(holds, options, allowance);
    const startMillis = clock.nowMicros() / 1_000;
    const isMet = await untilDeadline(holds, options, allowance.millis);
    allowance.ended(isMet, startMillis, clock.nowMicros() / 1_000);
    return isMet;
  }

  function untilDeadline(
    holds: () => boolean,
    { what, isHopeless = () => false }: WaitOptions,
    deadlineMillis: number,
  ): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    // In a later turn of the event loop: who waits again and again until time has passed must not stop it.
    if (isAbandoned || isHopeless()) return new Promise((resolve) => setImmediate(resolve, false));
    const startMicros = clock.nowMicros();
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
        setImmediate(() => {
          const isMet = holds();
          if (!isMet && !isAbandoned) onVain(startMicros);
          resolve(isMet);
        });
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
