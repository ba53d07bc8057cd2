// The faults that a worker knows of, and which of them explains the end of a connection.
import type { FaultKind } from '../../../faults/language/fault.ts';
import { type FaultWindow, KINDS_THAT_STOP_DELIVERIES } from '../../faults/fault-window.ts';

/** A connection that a fault ended may be seen to end a little later. */
const MARGIN_MICROS = 2e6;
/** A hub may rightly disconnect a client that the network kept from reading, some time after. */
const NETWORK_MARGIN_MICROS = 10e6;
const NETWORK_KINDS: readonly FaultKind[] = ['partition', 'latency', 'bandwidth'];
/** These reset connections from the clients' side: an end that a hub makes meanwhile is its own. */
const RESETTING_KINDS: readonly FaultKind[] = ['drop', 'start'];
/** No connection outlives the process of its hub; a client that does not read sees that later. */
const PROCESS_KINDS: readonly FaultKind[] = ['restart', 'kill', 'rolling-restart'];
/** Faults that are over for longer explain nothing but the loss of a process. */
const FORGET_MICROS = 60e6;

export function isProcessLost(kind: FaultKind): boolean {
  return PROCESS_KINDS.includes(kind);
}

export interface EndedConnection {
  readonly hub: number;
  /** A client that reads: a disturbed network explains why the hub took it for one that does not. */
  readonly mustBeKept: boolean;
  readonly connectedAtMicros: number;
  readonly endedAtMicros: number;
}

export class KnownFaults {
  private windows: FaultWindow[] = [];

  /** One that begins, or one that is over. */
  set(window: FaultWindow): void {
    this.windows = this.windows.filter(({ number }) => number !== window.number);
    this.windows.push(window);
    this.windows.sort((a, b) => a.number - b.number);
    this.forget(window.untilMicros ?? window.fromMicros);
  }

  /** The number of the latest fault that explains this end; undefined: the hub itself ended it. */
  explaining(ended: EndedConnection): number | undefined {
    return this.windows.findLast((window) => explains(window, ended))?.number;
  }

  /** Did a fault keep a client from connecting that tried it between these moments? */
  keepsOut(hub: number, fromMicros: number, untilMicros: number): boolean {
    return this.windows.some(
      (window) =>
        window.hubs.includes(hub) &&
        KINDS_THAT_STOP_DELIVERIES.includes(window.kind) &&
        window.fromMicros <= untilMicros &&
        (window.untilMicros ?? Number.POSITIVE_INFINITY) + MARGIN_MICROS >= fromMicros,
    );
  }

  /** The latest fault that resets connections from the clients' side. */
  latestDrop(hub: number): number | undefined {
    return this.windows.findLast(({ kind, hubs }) => RESETTING_KINDS.includes(kind) && hubs.includes(hub))
      ?.number;
  }

  private forget(nowMicros: number): void {
    this.windows = this.windows.filter(
      (window, index) => !isOld(window, nowMicros) || this.isLatestLoss(window, index),
    );
  }

  private isLatestLoss(window: FaultWindow, index: number): boolean {
    if (!PROCESS_KINDS.includes(window.kind)) return false;
    const later = this.windows.slice(index + 1).filter(({ kind }) => PROCESS_KINDS.includes(kind));
    return window.hubs.some((hub) => !later.some(({ hubs }) => hubs.includes(hub)));
  }
}

function isOld({ untilMicros }: FaultWindow, nowMicros: number): boolean {
  return untilMicros !== undefined && untilMicros < nowMicros - FORGET_MICROS;
}

function explains(
  { kind, hubs, fromMicros, untilMicros = Number.POSITIVE_INFINITY }: FaultWindow,
  { hub, mustBeKept, connectedAtMicros, endedAtMicros }: EndedConnection,
): boolean {
  if (RESETTING_KINDS.includes(kind) || (NETWORK_KINDS.includes(kind) && !mustBeKept)) return false;
  if (!hubs.includes(hub) || endedAtMicros < fromMicros || connectedAtMicros > untilMicros) return false;
  if (PROCESS_KINDS.includes(kind) && connectedAtMicros < fromMicros) return true;
  return (
    endedAtMicros <= untilMicros + (NETWORK_KINDS.includes(kind) ? NETWORK_MARGIN_MICROS : MARGIN_MICROS)
  );
}
