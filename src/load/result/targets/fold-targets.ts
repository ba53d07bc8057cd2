// Of several hubs that must deliver the same events: what the clients of each received, and how far apart the hubs are.
import type { ArrivalTimes } from '../../../ledger/events/first-arrivals.ts';
import type { LatencySummary } from '../../../ledger/latency/latency-histogram.ts';
import type { TargetResources } from '../../../target/target.ts';
import type { ReportedTarget } from '../../../target/tls/reported-target.ts';
import type { AtHub, CohortPart } from '../../worker/worker-messages.ts';
import {
  type ClientCounts,
  foldParts,
  type LatencyBoundsResult,
  summarizeBounds,
} from '../parts/fold-cohort.ts';
import { foldSkew } from './skew.ts';

export interface DescribedHub extends ReportedTarget {
  /** Whether events were published here; the others had to be passed them. */
  readonly isPublishedAt: boolean;
  readonly resources: TargetResources | null;
}

/** One of several hubs that must deliver the same events. */
export interface TargetResult extends ClientCounts, ReportedTarget {
  /** From 1, in the order of the command line. */
  readonly target: number;
  /** Whether events were published here; the others had to be passed them. */
  readonly isPublishedAt: boolean;
  /** Of the clients that read at once: how late a slow client reads says nothing of the hub. */
  readonly latencyMicros: LatencySummary;
  /** What these are at least and at most. Absent on one machine. */
  readonly latencyBoundsMicros?: LatencyBoundsResult;
  /** From the first arrival of an event at any hub to its first arrival here. */
  readonly skewMicros: LatencySummary;
  readonly resources: TargetResources | null;
}

export interface TargetsResult {
  readonly targets: readonly TargetResult[];
  /** From the first arrival of an event at any hub to its first arrival at the last. */
  readonly skewMicros: LatencySummary;
}

/** Undefined with one hub. `fast`: the cohorts that read at once. */
export function foldTargets(
  hubs: readonly DescribedHub[],
  fast: readonly string[],
  cells: readonly AtHub<CohortPart>[],
  arrivals: readonly (readonly ArrivalTimes[])[],
): TargetsResult | undefined {
  if (hubs.length < 2) return undefined;
  const skew = foldSkew(arrivals, hubs.length);
  const targets = hubs.map((described, hub) => {
    const parts = cells.filter((cell) => cell.hub === hub);
    const { counts } = foldParts(parts);
    const { latency, bounds } = foldParts(parts.filter(({ name }) => fast.includes(name)));
    return {
      target: hub + 1,
      ...described,
      ...counts,
      latencyMicros: latency.summary(),
      ...(bounds && { latencyBoundsMicros: summarizeBounds(bounds) }),
      skewMicros: skew.byHub[hub] as LatencySummary,
    };
  });
  return { targets, skewMicros: skew.all };
}
