// When the clients of a worker try to come back: each after its delay, all together only so many at a time and so many in a
// moment, so that a herd does not stop the worker that measures it. What waits is only the client's own entry.
import type { Clock } from '../../../time/clock.ts';

const MAX_UNDER_WAY = 1_000;
/** Attempts begin in steps of this length, so many in each: 4,000 a second. */
const STEP_MILLIS = 20;
const MAX_IN_STEP = 80;

export interface ReturnAttempts {
  /** After the delay, and as soon as others leave room; never once attempts have been stopped. */
  schedule(delayMillis: number, attempt: () => Promise<void>): void;
  readonly isStopped: boolean;
  /** Nothing more begins. */
  stop(): void;
}

export function createReturnAttempts(clock: Clock): ReturnAttempts {
  let due: (() => Promise<void>)[] = [];
  let next = 0;
  let underWay = 0;
  let startedInStep = 0;
  let isStopped = false;
  let isStepping = false;

  function begin(attempt: () => Promise<void>): void {
    underWay++;
    startedInStep++;
    void attempt().finally(() => {
      underWay--;
      pump();
    });
  }

  function pump(): void {
    if (isStopped) return;
    while (next < due.length && underWay < MAX_UNDER_WAY && startedInStep < MAX_IN_STEP)
      begin(due[next++] as () => Promise<void>);
    if (next === due.length || next > MAX_UNDER_WAY) [due, next] = [due.slice(next), 0];
    if (startedInStep > 0 && !isStepping) step();
  }

  function step(): void {
    isStepping = true;
    clock.after(STEP_MILLIS, () => {
      isStepping = false;
      startedInStep = 0;
      pump();
    });
  }

  return {
    schedule(delayMillis, attempt) {
      if (isStopped) return;
      clock.after(delayMillis, () => {
        if (isStopped) return;
        due.push(attempt);
        pump();
      });
    },
    get isStopped() {
      return isStopped;
    },
    stop() {
      isStopped = true;
      [due, next] = [[], 0];
    },
  };
}
