// How far apart several hubs deliver the same event: from its first arrival anywhere to its first arrival at each hub.
import { type ArrivalTimes, mergeArrivals } from '../../../ledger/events/first-arrivals.ts';
import {
  createLatencyHistogram,
  type LatencyHistogram,
  type LatencySummary,
} from '../../../ledger/latency/latency-histogram.ts';

/** In microseconds, of measured events that arrived at two hubs or more. */
export interface Skew {
  /** From the first hub to the last. */
  readonly all: LatencySummary;
  /** From the first hub to each; 0 where it was the first. */
  readonly byHub: readonly LatencySummary[];
}

/** `workers`: of each worker process the arrivals at each hub. */
export function foldSkew(workers: readonly (readonly ArrivalTimes[])[], hubs: number): Skew {
  const merged = mergeAlike(
    Array.from({ length: hubs }, (_, hub) =>
      mergeArrivals(workers.flatMap((arrivals) => arrivals[hub] ?? [])),
    ),
  );
  const all = createLatencyHistogram();
  const byHub = merged.map(() => createLatencyHistogram());
  const events = Math.max(0, ...merged.map(({ length }) => length));
  for (let event = 0; event < events; event++) addEvent(merged, event, all, byHub);
  return { all: all.summary(), byHub: byHub.map((histogram) => histogram.summary()) };
}

/** With one stride for all. */
function mergeAlike(hubs: readonly ArrivalTimes[]): Float64Array[] {
  const stride = Math.max(1, ...hubs.map((hub) => hub.stride));
  return hubs.map((hub) => mergeArrivals([hub, { stride, micros: new Float64Array(0) }]).micros);
}

function addEvent(
  hubs: readonly Float64Array[],
  event: number,
  all: LatencyHistogram,
  byHub: readonly LatencyHistogram[],
): void {
  const seen = hubs.map((micros) => micros[event] ?? 0);
  const times = seen.filter((micros) => micros !== 0);
  if (times.length < 2) return;
  const first = Math.min(...times);
  all.record(Math.max(...times) - first);
  for (const [hub, micros] of seen.entries()) if (micros !== 0) byHub[hub]?.record(micros - first);
}
