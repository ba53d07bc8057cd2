// Turns and their ratios: contenders alternate (A B A B), so that a noisy machine disturbs all of them, and what counts
// is the median of what each turn says.
import type { Bar, BenchRow } from './bench.ts';

/** Runs every contender once a turn, in order. One turn more goes first and is thrown away: it compiles and warms. */
export async function takeTurns<T>(
  rounds: number,
  contenders: readonly (() => T | Promise<T>)[],
): Promise<T[][]> {
  const results = contenders.map((): T[] => []);
  for (let turn = 0; turn <= rounds; turn++) {
    for (const [index, contend] of contenders.entries()) {
      const result = await contend();
      if (turn > 0) results[index]?.push(result);
    }
  }
  return results;
}

export interface Contender {
  readonly name: string;
  /** One number for each turn, in the row's unit. */
  readonly values: readonly number[];
}

export function compareTurns(ours: Contender, theirs: Contender, unit: string, bar?: Bar): BenchRow {
  const ratios = ours.values.map((value, turn) => value / (theirs.values[turn] ?? Number.NaN));
  return {
    subject: ours.name,
    baseline: theirs.name,
    unit,
    ours: median(ours.values),
    theirs: median(theirs.values),
    ratio: median(ratios),
    lowRatio: quantile(ratios, 0.25),
    highRatio: quantile(ratios, 0.75),
    ratios,
    ...(bar === undefined ? {} : { bar }),
  };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between the two nearest values; NaN when there is none. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = fraction * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}
