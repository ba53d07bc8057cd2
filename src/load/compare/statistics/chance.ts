// Draws that a bootstrap needs, from a generator that repeats.
import type { Random } from '../../../kit/random.ts';

/** Standard normal (Box and Muller). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Gamma with this shape, at least 1, and scale 1 (Marsaglia and Tsang). */
function drawGamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(random);
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < (normal * normal) / 2 + d - d * v + d * Math.log(v))
      return d * v;
  }
}

/** Where among all values (0 to 1) the one of this rank of a sample of `size` lies: what the order of a sample owes to chance. */
export function drawRankShare(rank: number, size: number, random: Random): number {
  const below = drawGamma(rank, random);
  return below / (below + drawGamma(size - rank + 1, random));
}

/**
 * A series drawn again in blocks of neighbours, as long as the old one (circular moving blocks): neighbouring seconds
 * resemble each other, and single draws would lose that.
 */
export function drawBlocks(series: readonly number[], blockLength: number, random: Random): number[] {
  const drawn: number[] = [];
  while (drawn.length < series.length) {
    const start = Math.floor(random.next() * series.length);
    for (let i = 0; i < blockLength && drawn.length < series.length; i++)
      drawn.push(series[(start + i) % series.length] as number);
  }
  return drawn;
}

/** The central interval that holds `confidence` of the draws. */
export function centralInterval(
  draws: readonly number[],
  confidence: number,
): readonly [low: number, high: number] {
  const sorted = [...draws].sort((a, b) => a - b);
  const at = (share: number) => {
    const index = Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))));
    return sorted[index] as number;
  };
  const tail = (1 - confidence) / 2;
  return [at(tail), at(1 - tail)];
}
