// A fault that was injected, and the log of all of a run: what a fault explains is blamed neither on the hub nor on the generator.
import type { FaultKind } from '../../faults/language/fault.ts';

/** From the beginning of one fault until its effect is over. Microseconds of the machine's clock. */
export interface FaultWindow {
  /** Over the run, from 0, in the order of their beginnings. */
  readonly number: number;
  readonly kind: FaultKind;
  /** As the user wrote it, without `at=` and `every=`. */
  readonly text: string;
  /** From 0. */
  readonly hubs: readonly number[];
  readonly fromMicros: number;
  /**
   * Undefined while it goes on. A restarted hub is ready again, a frozen one goes on, bytes flow as before, all connections
   * are reset, the command has ended.
   */
  readonly untilMicros: number | undefined;
  /** Why it could not be injected, or did not end as it should: one sentence. */
  readonly problem?: string;
  /** Where clients reach its hubs since then, if not where they did. */
  readonly movedTo?: string;
}

/** During these a hub may take no event, and its clients may receive none. */
export const KINDS_THAT_STOP_A_HUB: readonly FaultKind[] = [
  'restart',
  'kill',
  'freeze',
  'rolling-restart',
  'exec',
];

/** During these clients may receive nothing. */
export const KINDS_THAT_STOP_DELIVERIES: readonly FaultKind[] = [
  ...KINDS_THAT_STOP_A_HUB,
  'partition',
  'bandwidth',
];

type FaultEnd = Pick<FaultWindow, 'problem' | 'movedTo'>;

export interface FaultLog {
  /** In the order of their beginnings. */
  windows(): readonly FaultWindow[];
  begin(window: Omit<FaultWindow, 'number' | 'untilMicros'>): FaultWindow;
  /** Undefined where it never ended: a hub that did not come back. */
  end(number: number, untilMicros: number | undefined, more?: FaultEnd): FaultWindow;
  /** Was one of the hubs under a fault, of one of these kinds where they are given, at some moment between these? */
  isUnderFault(
    hubs: readonly number[],
    fromMicros: number,
    untilMicros: number,
    kinds?: readonly FaultKind[],
  ): boolean;
}

export function createFaultLog(): FaultLog {
  const windows: FaultWindow[] = [];
  return {
    windows: () => windows,
    begin(begun) {
      const window = { ...begun, number: windows.length, untilMicros: undefined };
      windows.push(window);
      return window;
    },
    end(number, untilMicros, more = {}) {
      const begun = windows[number];
      if (begun === undefined) throw new RangeError(`no fault has the number ${number}`);
      const window = { ...begun, untilMicros, ...more };
      windows[number] = window;
      return window;
    },
    isUnderFault: (hubs, fromMicros, untilMicros, kinds) =>
      windows.some(
        (window) =>
          (kinds === undefined || kinds.includes(window.kind)) &&
          window.hubs.some((hub) => hubs.includes(hub)) &&
          window.fromMicros <= untilMicros &&
          (window.untilMicros ?? Number.POSITIVE_INFINITY) >= fromMicros,
      ),
  };
}
