// Time as an argument. Logic takes a Clock; only programs bind `systemClock`, tests bind a simulated one.
import { performance } from 'node:perf_hooks';

export interface Timer {
  /** Ends the timer; a second call, or one after it fired, does nothing. */
  cancel(): void;
}

export interface Clock {
  /** Microseconds on the machine's monotonic clock: the same for every process of one machine, never set back. */
  nowMicros(): number;
  /** Milliseconds since 1970: only for time stamps that people read. */
  wallMillis(): number;
  /** Calls `fire` once, `delayMillis` from now (0 = as soon as possible). */
  after(delayMillis: number, fire: () => void): Timer;
}

/** performance.now() counts from the start of the process; the offset puts every process on one scale. */
function readOffsetMicros(): number {
  return Number(process.hrtime.bigint()) / 1_000 - performance.now() * 1_000;
}

// A process that loses its core between the two readings finds less than there is: of several the greatest is right.
const offsetMicros = Math.max(...Array.from({ length: 8 }, readOffsetMicros));

export const systemClock: Clock = {
  nowMicros: () => performance.now() * 1_000 + offsetMicros,
  wallMillis: () => Date.now(),
  after(delayMillis, fire) {
    const handle = setTimeout(fire, delayMillis);
    return { cancel: () => clearTimeout(handle) };
  },
};
