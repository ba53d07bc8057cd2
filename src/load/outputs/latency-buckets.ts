// The fixed latency buckets of live outputs. Fixed, because counts of several runs and machines can only be added up when
// their buckets are the same; the result itself has the finer histogram.
import type { LatencyHistogram } from '../../ledger/latency/latency-histogram.ts';

/** Upper ends of the buckets in microseconds; one more bucket has what is beyond. */
export const LATENCY_BOUNDS_MICROS = [
  250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
  5_000_000, 10_000_000,
] as const;

export interface LatencyBuckets {
  /** Of each bucket alone. A value within 0.8 % of a bound may be counted on the other side. */
  readonly counts: readonly number[];
  readonly sumMicros: number;
}

export function readLatencyBuckets(histogram: LatencyHistogram): LatencyBuckets {
  const upTo = histogram.countsUpTo(LATENCY_BOUNDS_MICROS);
  const { count, beyondRange, meanMicros } = histogram;
  const counts = [...upTo, count + beyondRange].map((reached, index) => reached - (upTo[index - 1] ?? 0));
  return { counts, sumMicros: meanMicros * count };
}
