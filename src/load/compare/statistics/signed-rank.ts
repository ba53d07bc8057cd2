// The ratio of pairs: two hubs loaded in turn share whatever the machine did meanwhile, so each pair's ratio is one look.
// Hodges and Lehmann's estimate with Wilcoxon's exact interval: few pairs are enough, and one spoiled pair moves little.
import type { RatioEstimate } from './ratio.ts';

/** Pairs with which an interval of this confidence exists at all. */
export function leastPairs(confidence: number): number {
  let pairs = 1;
  while (2 / 2 ** pairs > 1 - confidence) pairs++;
  return pairs;
}

/** `ratios` are B over A, one for each pair, all above 0. Undefined for fewer than `leastPairs`. */
export function estimatePairedRatio(
  ratios: readonly number[],
  confidence: number,
): RatioEstimate | undefined {
  if (ratios.length < leastPairs(confidence)) return undefined;
  const logs = ratios.map(Math.log);
  const means = logs
    .flatMap((one, i) => logs.slice(i).map((other) => (one + other) / 2))
    .sort((a, b) => a - b);
  const cut = countCutOff(ratios.length, (1 - confidence) / 2);
  const middle = (means.length - 1) / 2;
  const at = (index: number) => means[index] as number;
  return {
    ratio: Math.exp((at(Math.floor(middle)) + at(Math.ceil(middle))) / 2),
    low: Math.exp(at(cut)),
    high: Math.exp(at(means.length - 1 - cut)),
  };
}

/** How many of the sorted means may be left out at each end: the signed-rank sum is smaller than this with chance `tail`. */
function countCutOff(pairs: number, tail: number): number {
  const sums = countRankSums(pairs);
  let cumulated = 0;
  let cut = 0;
  while (cut < sums.length) {
    cumulated += (sums[cut] as number) / 2 ** pairs;
    if (cumulated > tail) break;
    cut++;
  }
  return Math.max(0, cut - 1);
}

/** In how many ways signs can be given to the ranks 1 to `pairs` so that the positive ones add up to each sum. */
function countRankSums(pairs: number): number[] {
  let ways = [1];
  for (let rank = 1; rank <= pairs; rank++) {
    const next = [...ways, ...new Array<number>(rank).fill(0)];
    for (const [sum, count] of ways.entries()) next[sum + rank] = (next[sum + rank] as number) + count;
    ways = next;
  }
  return ways;
}
