// For how long a number has not changed. Each question reads it. While nobody can say what it is, it does not stand still.
import type { Clock } from '../../../time/clock.ts';

export interface StandstillWatch {
  /** Since the last change that was seen. */
  stoodMillis(): number;
}

export function createStandstillWatch(
  clock: Clock,
  read: () => number,
  isCurrent: () => boolean,
): StandstillWatch {
  let last = read();
  let sinceMicros = clock.nowMicros();
  return {
    stoodMillis() {
      const value = read();
      if (value !== last || !isCurrent()) {
        last = value;
        sinceMicros = clock.nowMicros();
      }
      return (clock.nowMicros() - sinceMicros) / 1e3;
    },
  };
}
