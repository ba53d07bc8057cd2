// Waits for the hub whose time was over before it did what it was waited for.
import type { Clock } from '../../../time/clock.ts';
import type { Wait } from './core-waits.ts';

/** A long exploration has very many; who judges looks at the last ones. */
export const MOST_WAITS = 1_000;

export interface VainWaits {
  /** The last ones. */
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
      if (all.length > MOST_WAITS) all.shift();
    },
  };
}
