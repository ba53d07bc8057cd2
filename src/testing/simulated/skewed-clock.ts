// The clock of another machine, as its true time and what is wrong with it: how far it is off, how fast it runs, when it is set.
import type { Clock } from '../../time/clock.ts';

export interface Skew {
  readonly offMicros: number;
  readonly ppm: number;
  readonly step?: { readonly micros: number; readonly atMicros: number };
}

/** Timers keep true time. */
export function skewClock(clock: Clock, { offMicros, ppm, step }: Skew): Clock {
  return {
    ...clock,
    nowMicros() {
      const trueMicros = clock.nowMicros();
      const stepped = step !== undefined && trueMicros >= step.atMicros ? step.micros : 0;
      return trueMicros * (1 + ppm / 1e6) + offMicros + stepped;
    },
  };
}
