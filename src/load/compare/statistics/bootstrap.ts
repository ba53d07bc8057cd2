// Intervals for ratios of two single runs, by drawing both runs again and again (bootstrap, with a seed). Two kinds of
// chance are drawn: which events a run happened to have (its histogram), and how its seconds happened to go (its series).
// What differs from one run to the next as a whole cannot be seen in single runs: for that there are interleaved ones.
import type { Random } from '../../../kit/random.ts';
import { centralInterval, drawBlocks, drawRankShare } from './chance.ts';
import type { Quantiles } from './quantiles.ts';
import type { RatioEstimate } from './ratio.ts';

const DRAWS = 2_000;
/** Seconds that are drawn together. */
const BLOCK_SECONDS = 3;
/** Fewer seconds say nothing of how seconds differ. */
export const LEAST_SECONDS = 8;
/** So many of a run's events must lie beyond a percentile, or its interval would be a guess. */
export const LEAST_EVENTS_BEYOND = 3;

/** One run's latencies for one percentile. */
export interface LatencySample {
  readonly quantiles: Quantiles;
  /** Deliveries of one event share its fate, so events are counted, not deliveries. */
  readonly events: number;
  /** A percentile of each second, in microseconds, in order: how the seconds differ. */
  readonly perSecondMicros: readonly number[];
}

/** The ratio of a percentile (0 to 1). */
export function compareQuantile(
  a: LatencySample,
  b: LatencySample,
  share: number,
  confidence: number,
  random: Random,
): RatioEstimate {
  const ratio = b.quantiles.at(share) / a.quantiles.at(share);
  const drawA = createQuantileDraw(a, share, random);
  const drawB = createQuantileDraw(b, share, random);
  const logs = Array.from({ length: DRAWS }, () => drawB() - drawA());
  return around(ratio, logs, confidence);
}

/** Draws of the logarithm of the percentile. */
function createQuantileDraw(sample: LatencySample, share: number, random: Random): () => number {
  const size = Math.max(2, Math.floor(Math.min(sample.events, sample.quantiles.count)));
  const rank = Math.min(size, Math.max(1, Math.ceil(share * size)));
  const drift = sample.perSecondMicros.map((micros) => Math.log(Math.max(1, micros)));
  return () =>
    Math.log(sample.quantiles.near(drawRankShare(rank, size, random))) + drawDeviation(drift, random);
}

/** The ratio of the means of two series of seconds, such as deliveries per second. */
export function compareSeries(
  a: readonly number[],
  b: readonly number[],
  confidence: number,
  random: Random,
): RatioEstimate {
  const draw = (series: readonly number[]) =>
    Math.log(positive(meanOf(series) + drawDeviation(series, random)));
  const logs = Array.from({ length: DRAWS }, () => draw(b) - draw(a));
  return around(positive(meanOf(b)) / positive(meanOf(a)), logs, confidence);
}

/** How far another run's mean may be from this one's. Blocks of a short series vary too little: hence the widening. */
function drawDeviation(series: readonly number[], random: Random): number {
  if (series.length <= 2 * BLOCK_SECONDS) return 0;
  const widening = Math.sqrt(series.length / (series.length - 2 * BLOCK_SECONDS));
  return widening * (meanOf(drawBlocks(series, BLOCK_SECONDS, random)) - meanOf(series));
}

/** The interval of the draws, and never without the estimate itself. */
function around(ratio: number, logs: readonly number[], confidence: number): RatioEstimate {
  const [low, high] = centralInterval(logs, confidence);
  return { ratio, low: Math.min(ratio, Math.exp(low)), high: Math.max(ratio, Math.exp(high)) };
}

const positive = (value: number): number => Math.max(Number.EPSILON, value);

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
