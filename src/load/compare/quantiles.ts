// Quantiles of an encoded latency histogram at any share of its values; the cumulated counts are made once.
import { createLatencyHistogram, type EncodedHistogram } from '../../ledger/latency-histogram.ts';

export interface Quantiles {
  readonly count: number;
  /** The value that `share` (0 to 1) of all values do not exceed, in microseconds; at least 1, so that ratios exist. */
  at(share: number): number;
}

const POINTS = 4_096;

export function createQuantiles(encoded: EncodedHistogram): Quantiles {
  const histogram = createLatencyHistogram();
  histogram.mergeEncoded(encoded);
  const { count } = histogram;
  return {
    count,
    at: (share) => Math.max(1, histogram.percentile(Math.min(1, Math.max(1 / (count + 1), share)))),
  };
}

/** The same, for thousands of questions: a table, finer towards the slow end, where percentiles are asked for. */
export function tabulateQuantiles(quantiles: Quantiles): (share: number) => number {
  // Share 1 - (1 - x)^3 at x = i / POINTS: the steps become small towards 1.
  const table = Array.from({ length: POINTS + 1 }, (_, i) => quantiles.at(1 - (1 - i / POINTS) ** 3));
  return (share) =>
    table[Math.round((1 - Math.cbrt(1 - Math.min(1, Math.max(0, share)))) * POINTS)] as number;
}
