// Quantiles of an encoded latency histogram: exact for a few, from a table for the thousands that a bootstrap asks for.
import { createLatencyHistogram, type EncodedHistogram } from '../../../ledger/latency/latency-histogram.ts';

export interface Quantiles {
  readonly count: number;
  /** The value that `share` (0 to 1) of all values do not exceed, in microseconds; at least 1, so that ratios exist. */
  at(share: number): number;
  /** Nearly the same, from the table. */
  near(share: number): number;
}

const POINTS = 1_024;

export function createQuantiles(encoded: EncodedHistogram): Quantiles {
  const histogram = createLatencyHistogram();
  histogram.mergeEncoded(encoded);
  const at = (share: number) => Math.max(1, histogram.percentile(share));
  // Shares 1 - (1 - x)^3 at even x: the steps become small towards 1, where percentiles are asked for.
  const table = Array.from({ length: POINTS + 1 }, (_, i) => at(1 - (1 - i / POINTS) ** 3));
  return {
    count: histogram.count,
    at,
    near: (share) =>
      table[Math.round((1 - Math.cbrt(1 - Math.min(1, Math.max(0, share)))) * POINTS)] as number,
  };
}
