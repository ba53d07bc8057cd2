// For how long a number has not changed. Each question reads it.
import type { Clock } from '../../../time/clock.ts';

export interface StandstillWatch {
  /** Since the last change that was seen. */
  stoodMillis(): number;
}

export function createStandstillWatch(clock: Clock, read: () => number): StandstillWatch {
  let last = read();
  let sinceMicros = clock.nowMicros();
  return {
    stoodMillis() {
      const value = read();
      if (value !== last) {
        last = value;
        sinceMicros = clock.nowMicros();
      }
      return (clock.nowMicros() - sinceMicros) / 1e3;
    },
  };
}
