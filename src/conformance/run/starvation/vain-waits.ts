// Waits for the hub whose time was over before it did what it was waited for.
import type { Clock } from '../../../time/clock.ts';
import type { Wait } from './core-waits.ts';

export interface VainWaits {
  readonly all: readonly Wait[];
  /** One that began then (a reading of the clock) and ends now. */
  add(startMicros: number): void;
}

export function createVainWaits(clock: Clock): VainWaits {
  const all: Wait[] = [];
  return {
    all,
    add(startMicros) {
      all.push({ startMicros, endMicros: clock.nowMicros() });
    },
  };
}
