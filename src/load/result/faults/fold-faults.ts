// From the faults that were injected and what they cost the clients to the faults of the result.
import type { FaultWindow } from '../../faults/fault-window.ts';
import type { FaultResult } from './fault-result.ts';

export interface FaultInput {
  /** In the order of their beginnings. */
  readonly faults?: readonly FaultWindow[] | undefined;
  readonly startedAtMicros: number;
  /** All hubs of the run. */
  readonly hubs?: readonly unknown[];
}

/** Undefined without faults. */
export function foldFaults({
  faults = [],
  startedAtMicros,
  hubs = [],
}: FaultInput): FaultResult[] | undefined {
  if (faults.length === 0) return undefined;
  const sinceStartMillis = (micros: number) => Math.round((micros - startedAtMicros) / 1e3);
  return faults.map((window) => ({
    number: window.number,
    kind: window.kind,
    fault: window.text,
    ...(hubs.length > 1 && window.hubs.length === 1 && { target: (window.hubs[0] ?? 0) + 1 }),
    atMillis: sinceStartMillis(window.fromMicros),
    endedAtMillis: window.untilMicros === undefined ? null : sinceStartMillis(window.untilMicros),
    ...(window.problem === undefined ? {} : { problem: window.problem }),
    ...NOBODY,
  }));
}

const NOBODY = {
  dropped: 0,
  droppedKept: 0,
  returned: 0,
  mustReturn: 0,
  recovered: 0,
  refusedMillis: null,
  reconnectMillis: null,
  firstEventMillis: null,
  attempts: { total: 0, failed: 0, peakPerSecond: 0 },
  missed: { total: 0, p50: 0, p99: 0, max: 0 },
  lateJoin: { total: 0, max: 0 },
} as const;
