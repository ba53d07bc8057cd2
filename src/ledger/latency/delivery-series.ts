// The series per second of a cohort across processes: a fold over what their recorders hand in. Apart because it runs
// in the parent, long after the hot path.
import type { DeliverySecond, DeliverySnapshot } from './delivery-recorder.ts';
import { createLatencyHistogram, type LatencyHistogram, mergeHistograms } from './latency-histogram.ts';

export interface SeriesPoint {
  /** Whole seconds of the machine's monotonic clock. */
  readonly second: number;
  readonly deliveries: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

export interface MergedDeliveries {
  readonly deliveries: number;
  readonly latency: LatencyHistogram;
  /** In order of time; seconds without a delivery are absent. */
  readonly series: readonly SeriesPoint[];
  readonly droppedSeconds: number;
}

export function mergeDeliveries(snapshots: readonly DeliverySnapshot[]): MergedDeliveries {
  const bySecond = new Map<number, DeliverySecond[]>();
  for (const second of snapshots.flatMap((snapshot) => snapshot.seconds)) {
    const parts = bySecond.get(second.second);
    if (parts === undefined) bySecond.set(second.second, [second]);
    else parts.push(second);
  }
  const series = [...bySecond]
    .sort(([one], [other]) => one - other)
    .map(([second, parts]) => pointOf(second, parts));
  return {
    deliveries: snapshots.reduce((sum, snapshot) => sum + snapshot.deliveries, 0),
    latency: mergeHistograms(snapshots.map((snapshot) => snapshot.latency)),
    series,
    droppedSeconds: snapshots.reduce((sum, snapshot) => sum + snapshot.droppedSeconds, 0),
  };
}

function pointOf(second: number, parts: readonly DeliverySecond[]): SeriesPoint {
  const latency = createLatencyHistogram();
  for (const part of parts) latency.mergeEncoded(part.latency);
  return {
    second,
    deliveries: parts.reduce((sum, part) => sum + part.deliveries, 0),
    p50Micros: latency.percentile(0.5),
    p99Micros: latency.percentile(0.99),
  };
}
