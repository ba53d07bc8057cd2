// From the faults that were injected and what they cost the clients to the faults of the result.
import { type CostOfFault, NO_COST } from '../../coordinator/returns/fault-cost.ts';
import type { FaultWindow } from '../../faults/fault-window.ts';
import type { FaultResult } from './fault-result.ts';

export interface FaultInput {
  /** In the order of their beginnings. */
  readonly faults?: readonly FaultWindow[] | undefined;
  /** What they cost, by their number. */
  readonly returns?: { readonly costs: ReadonlyMap<number, CostOfFault> } | undefined;
  readonly startedAtMicros: number;
  /** All hubs of the run. */
  readonly hubs?: readonly unknown[];
}

/** Faults that a result describes: so many keep it small. */
export const MAX_FAULTS = 300;

/** Undefined without faults. */
export function foldFaults({
  faults = [],
  returns,
  startedAtMicros,
  hubs = [],
}: FaultInput): FaultResult[] | undefined {
  if (faults.length === 0) return undefined;
  const sinceStartMillis = (micros: number) => Math.round((micros - startedAtMicros) / 1e3);
  return faults.slice(0, MAX_FAULTS).map((window) => ({
    number: window.number,
    kind: window.kind,
    fault: window.text,
    ...(hubs.length > 1 && window.hubs.length === 1 && { target: (window.hubs[0] ?? 0) + 1 }),
    atMillis: sinceStartMillis(window.fromMicros),
    endedAtMillis: window.untilMicros === undefined ? null : sinceStartMillis(window.untilMicros),
    ...(window.problem === undefined ? {} : { problem: window.problem }),
    ...(returns?.costs.get(window.number) ?? NO_COST),
  }));
}
