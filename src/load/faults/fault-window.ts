// A fault that was injected, and the log of all of a run: what a fault explains is blamed neither on the hub nor on the generator.
import type { FaultKind } from './fault.ts';

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
}

export interface FaultLog {
  /** In the order of their beginnings. */
  windows(): readonly FaultWindow[];
  begin(window: Omit<FaultWindow, 'number' | 'untilMicros'>): FaultWindow;
  end(number: number, untilMicros: number, problem?: string): FaultWindow;
  /** Was one of the hubs under a fault at some moment between these? */
  isUnderFault(hubs: readonly number[], fromMicros: number, untilMicros: number): boolean;
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
    end(number, untilMicros, problem) {
      const begun = windows[number];
      if (begun === undefined) throw new RangeError(`no fault has the number ${number}`);
      const window = { ...begun, untilMicros, ...(problem !== undefined && { problem }) };
      windows[number] = window;
      return window;
    },
    isUnderFault: (hubs, fromMicros, untilMicros) =>
      windows.some(
        (window) =>
          window.hubs.some((hub) => hubs.includes(hub)) &&
          window.fromMicros <= untilMicros &&
          (window.untilMicros ?? Number.POSITIVE_INFINITY) >= fromMicros,
      ),
  };
}
