// The faults of a run as a person may see them while it goes on.
import type { FaultWindow } from '../../faults/fault-window.ts';

/** One that is over stays in view for this long: many are over within a blink. */
const IN_VIEW_MICROS = 3_000_000;

export interface FaultsView {
  /** How many have begun. */
  readonly begun: number;
  /** Those that are on, and those that were until just now, in the order of their beginnings. */
  readonly inView: readonly FaultInView[];
}

export interface FaultInView {
  readonly kind: FaultWindow['kind'];
  /** As the user wrote it, without `at=` and `every=`. */
  readonly fault: string;
  readonly isOn: boolean;
}

export function viewFaults(windows: readonly FaultWindow[], nowMicros: number): FaultsView {
  return {
    begun: windows.length,
    inView: windows
      .filter(({ untilMicros }) => untilMicros === undefined || untilMicros > nowMicros - IN_VIEW_MICROS)
      .map(({ kind, text, untilMicros }) => ({ kind, fault: text, isOn: untilMicros === undefined })),
  };
}
