// Latencies while a run goes on, over all worker processes: a fold over the seconds they hand in as these end. Apart
// from the result, which is folded from whole snapshots at the end and does not depend on this.
import type { DeliverySecond } from '../../ledger/latency/delivery-recorder.ts';
import { createLatencyHistogram, type LatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import type { CohortLatency } from '../coordinator/run-options.ts';
import { readLatencyBuckets } from './latency-buckets.ts';

export interface LatencyWatch {
  /** Seconds of one worker's clients of a cohort. */
  add(cohort: string, seconds: readonly DeliverySecond[]): void;
  /** Null before anything was measured. */
  read(cohort: string): CohortLatency | null;
}

interface Watched {
  readonly total: LatencyHistogram;
  /** Of the latest second that anyone handed in, over all workers. */
  readonly last: LatencyHistogram;
  lastSecond: number;
  /** Worked out when it is asked for: additions come once a second, questions many times. */
  view: CohortLatency | undefined;
}

export function createLatencyWatch(): LatencyWatch {
  const cohorts = new Map<string, Watched>();

  function watched(cohort: string): Watched {
    let one = cohorts.get(cohort);
    if (!one) {
      one = {
        total: createLatencyHistogram(),
        last: createLatencyHistogram(),
        lastSecond: Number.NEGATIVE_INFINITY,
        view: undefined,
      };
      cohorts.set(cohort, one);
    }
    return one;
  }

  return {
    add(cohort, seconds) {
      const one = watched(cohort);
      for (const { second, latency } of seconds) {
        if (latency.buckets.length === 0) continue;
        one.total.mergeEncoded(latency);
        if (second > one.lastSecond) {
          one.last.reset();
          one.lastSecond = second;
        }
        if (second === one.lastSecond) one.last.mergeEncoded(latency);
        one.view = undefined;
      }
    },
    read(cohort) {
      const one = cohorts.get(cohort);
      if (!one || one.lastSecond === Number.NEGATIVE_INFINITY) return null;
      one.view ??= {
        count: one.total.count,
        ...percentiles(one.total),
        buckets: readLatencyBuckets(one.total),
        lastSecond: percentiles(one.last),
      };
      return one.view;
    },
  };
}

function percentiles(histogram: LatencyHistogram): { p50Micros: number; p99Micros: number } {
  return { p50Micros: histogram.percentile(0.5), p99Micros: histogram.percentile(0.99) };
}
