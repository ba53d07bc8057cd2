// The latency spectrum of a cohort from the histogram in loadtest.json: values over "nines" (-log10(1 - fraction)), so
// that 90 %, 99 % and 99.9 % stand as far apart as they matter. Decodes what ledger/latency-histogram.ts encodes; a
// report may not import that code, and the test holds the two together.
import type { EncodedHistogram } from '../../../ledger/latency/latency-histogram.ts';

const BUCKETS_PER_OCTAVE = 128;
const BUCKET_BITS = 7;

/** 0 is 0 %, 1 is 90 %, 5 is 99.999 %. */
const MAX_NINES = 5;
const STEP_NINES = 0.05;

export interface Spectrum {
  readonly nines: readonly number[];
  /** Micros; null where the run has too few values. */
  readonly micros: readonly (number | null)[];
}

export function percentileMicros(histogram: EncodedHistogram, fraction: number): number | null {
  const total = countOf(histogram);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(fraction * total));
  const { buckets, maxMicros } = histogram;
  let bucket = 0;
  let seen = 0;
  for (let at = 0; at + 1 < buckets.length; at += 2) {
    bucket += buckets[at] as number;
    seen += buckets[at + 1] as number;
    if (seen >= rank) return Math.min(highestOf(bucket), maxMicros);
  }
  return maxMicros;
}

export function foldSpectrum(histogram: EncodedHistogram): Spectrum {
  const total = countOf(histogram);
  const steps = Math.round(MAX_NINES / STEP_NINES);
  const nines = Array.from({ length: steps + 1 }, (_, step) => Math.round(step * STEP_NINES * 100) / 100);
  return {
    nines,
    micros: nines.map((nine) => (10 ** nine > total ? null : percentileMicros(histogram, 1 - 10 ** -nine))),
  };
}

function countOf({ buckets }: EncodedHistogram): number {
  let count = 0;
  for (let at = 1; at < buckets.length; at += 2) count += buckets[at] as number;
  return count;
}

function highestOf(bucket: number): number {
  if (bucket < 2 * BUCKETS_PER_OCTAVE) return bucket;
  const shift = (bucket >>> BUCKET_BITS) - 1;
  return (bucket - (shift << BUCKET_BITS) + 1) * 2 ** shift - 1;
}
