// The time that a whole run may take: when it is over, no further check begins, and those that run end. Time in which the
// runner or the hub waited for a core is given back, up to half as much again.
import type { Clock, Timer } from '../../time/clock.ts';

export interface TimeLimit {
  readonly millis: number;
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  stop(): void;
}

const MOST_GIVEN_BACK = 0.5;

/** `lateMillis` gives how long both were kept waiting in total since then (a reading of the clock). */
export function startTimeLimit(
  millis: number,
  clock: Clock,
  lateMillis: (sinceMicros: number) => number,
): TimeLimit {
  const over = new AbortController();
  const startMicros = clock.nowMicros();
  let timer: Timer;
  const leftMillis = (): number =>
    millis +
    Math.min(millis * MOST_GIVEN_BACK, lateMillis(startMicros)) -
    (clock.nowMicros() - startMicros) / 1_000;
  function arm(): void {
    const left = leftMillis();
    if (left <= 0) over.abort();
    else timer = clock.after(Math.ceil(left), arm);
  }
  arm();
  return { millis, signal: over.signal, stop: () => timer.cancel() };
}
