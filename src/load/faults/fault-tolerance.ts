// What the publisher knows of faults: whether the hubs at which it publishes were kept from answering, and when that is over.
import { hubsOf, publishersOf } from '../../target/replicas/joined-targets.ts';
import type { Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { type FaultLog, KINDS_THAT_STOP_A_HUB } from './fault-window.ts';

export interface FaultTolerance {
  /** Was one of the hubs kept from answering at some moment between these? */
  isExcused(fromMicros: number, untilMicros: number): boolean;
  /** Resolves when none is, or the run is stopped. */
  untilOver(): Promise<void>;
}

export const NO_FAULTS: FaultTolerance = { isExcused: () => false, untilOver: async () => {} };

/** A hub that is ready again may still end connections that were kept from before. */
const AFTERMATH_MICROS = 1_000_000;
const LOOK_MILLIS = 50;

export function createFaultTolerance(
  target: Target,
  log: FaultLog,
  clock: Clock,
  signal: AbortSignal,
): FaultTolerance {
  const hubs = publishersOf(target).map((publisher) => hubsOf(target).indexOf(publisher));
  const isExcused = (fromMicros: number, untilMicros: number) =>
    log.isUnderFault(hubs, fromMicros - AFTERMATH_MICROS, untilMicros, KINDS_THAT_STOP_A_HUB);
  return {
    isExcused,
    async untilOver() {
      while (isExcused(clock.nowMicros(), clock.nowMicros()) && !signal.aborted)
        await pause(clock, LOOK_MILLIS, signal);
    },
  };
}
