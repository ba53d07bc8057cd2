// The clock of this machine, moved onto the scale of another machine's: what it reads is an estimate of that one's time.
import type { Clock } from './clock.ts';

export interface ShiftedClock extends Clock {
  /** Is added to what the clock of this machine reads. */
  shiftBy(offsetMicros: number): void;
}

export function createShiftedClock(clock: Clock): ShiftedClock {
  let addedMicros = 0;
  return {
    shiftBy(offsetMicros) {
      addedMicros = offsetMicros;
    },
    nowMicros: () => clock.nowMicros() + addedMicros,
    wallMillis: () => clock.wallMillis(),
    after: (delayMillis, fire) => clock.after(delayMillis, fire),
  };
}
