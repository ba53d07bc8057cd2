// Which pairs of factor values have been exercised together: most bugs need one or two unusual things at once. Pure.
import { FACTORS } from '../factors/all-factors.ts';
import type { Factor } from '../factors/factor.ts';
import { factorValue, type Program } from './program.ts';

export interface CoverageCount {
  readonly covered: number;
  readonly total: number;
}

export interface Coverage {
  /** Pairs that this program would add. */
  gain(program: Program): number;
  add(program: Program): void;
  /** Programs that had a value of this class. */
  timesSeen(factor: Factor, className: string): number;
  readonly values: CoverageCount;
  readonly pairs: CoverageCount;
  /** Classes of values that no program had. */
  missingClasses(): readonly { readonly factor: Factor; readonly name: string }[];
  /** The same as `factor: value`. */
  missingValues(): readonly string[];
  /** The first pairs that no program had, as `factor: value with factor: value`. */
  missingPairs(limit: number): readonly string[];
}

export function createCoverage(factors: readonly Factor[] = FACTORS): Coverage {
  const names = factors.flatMap((factor) => factor.classes.map((value) => `${factor.name}: ${value}`));
  const offsets: number[] = [];
  factors.reduce((offset, { classes }) => {
    offsets.push(offset);
    return offset + classes.length;
  }, 0);
  const size = names.length;
  const seen = new Uint8Array(size * size);
  const values = new Uint32Array(size);
  const perFactor = factors.map(({ classes }) => classes.length);
  const totalPairs = perFactor.reduce(
    (sum, count, at) => sum + count * perFactor.slice(at + 1).reduce((rest, other) => rest + other, 0),
    0,
  );
  let coveredPairs = 0;

  function indexesOf(program: Program): number[] {
    return factors.map((factor, at) => {
      const index = factor.classes.indexOf(factor.classOf(factorValue(program, factor)));
      return (offsets[at] as number) + index;
    });
  }

  function countNew(indexes: readonly number[], isMarking: boolean): number {
    let fresh = 0;
    for (let one = 0; one < indexes.length; one++) {
      const row = (indexes[one] as number) * size;
      for (let other = one + 1; other < indexes.length; other++) {
        const at = row + (indexes[other] as number);
        if (seen[at] === 1) continue;
        fresh++;
        if (isMarking) seen[at] = 1;
      }
    }
    return fresh;
  }

  return {
    gain: (program) => countNew(indexesOf(program), false),
    add(program) {
      const indexes = indexesOf(program);
      for (const index of indexes) values[index] = (values[index] as number) + 1;
      coveredPairs += countNew(indexes, true);
    },
    timesSeen(factor, className) {
      const at = factors.indexOf(factor);
      return values[(offsets[at] as number) + factor.classes.indexOf(className)] as number;
    },
    get values() {
      return { covered: values.reduce((sum, count) => sum + Math.min(count, 1), 0), total: size };
    },
    get pairs() {
      return { covered: coveredPairs, total: totalPairs };
    },
    missingClasses: () =>
      factors.flatMap((factor, at) =>
        factor.classes.flatMap((name, place) =>
          values[(offsets[at] as number) + place] === 0 ? [{ factor, name }] : [],
        ),
      ),
    missingValues: () => names.filter((_, index) => values[index] === 0),
    missingPairs(limit) {
      const missing: string[] = [];
      for (let factor = 0; factor < factors.length; factor++)
        for (let one = 0; one < (perFactor[factor] as number); one++) {
          const row = (offsets[factor] as number) + one;
          const first = (offsets[factor] as number) + (perFactor[factor] as number);
          for (let other = first; other < size; other++) {
            if (seen[row * size + other] === 1) continue;
            missing.push(`${names[row]} with ${names[other]}`);
            if (missing.length >= limit) return missing;
          }
        }
      return missing;
    },
  };
}
