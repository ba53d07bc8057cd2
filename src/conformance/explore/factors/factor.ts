// What a factor is: one thing that may differ between two programs, such as the headers of the clients or the number of
// events. Its plain value is what most tests do; a program draws other values for a few factors, and shrinks back.
import type { Random } from '../../../kit/random.ts';

/** Plain data, so that a file can hold a program. */
export type FactorValue = string | number;

export interface Factor {
  /** Kebab-case; never reused. */
  readonly name: string;
  readonly plain: FactorValue;
  /** Classes of values, the plain one first. Coverage counts pairs of them. */
  readonly classes: readonly string[];
  readonly classOf: (value: FactorValue) => string;
  /** Classes whose values take seconds: few programs have one. */
  readonly costly: readonly string[];
  /** A value that is not plain. */
  readonly draw: (random: Random) => FactorValue;
  /** A value of this class. */
  readonly drawFrom: (random: Random, className: string) => FactorValue;
  /** Completes "only with ...". */
  readonly describe: (value: FactorValue) => string;
  /** Simpler values to try, the simplest first; the plain one is tried before. */
  readonly shrink: (value: FactorValue) => readonly FactorValue[];
  readonly isValue: (value: unknown) => boolean;
}

export interface NamedValue {
  /** Completes "only with ...". */
  readonly text: string;
  /** How often it is drawn, beside 1 for most. */
  readonly weight?: number;
  readonly isCostly?: boolean;
}

/** A factor with named values. Every value is as simple as any other but the plain one. */
export function namedFactor(
  name: string,
  plain: string,
  others: Readonly<Record<string, string | NamedValue>>,
): Factor {
  const values = new Map(
    Object.entries(others).map(([value, about]) => [
      value,
      typeof about === 'string' ? { text: about } : about,
    ]),
  );
  const weights = [...values].map(([value, { weight = 1 }]) => [value, weight] as const);
  const costly = [...values].flatMap(([value, { isCostly }]) => (isCostly ? [value] : []));
  return {
    name,
    plain,
    classes: [plain, ...values.keys()],
    classOf: String,
    costly,
    draw: (random) => drawWeighted(random, weights),
    drawFrom: (_, value) => value,
    describe: (value) => values.get(String(value))?.text ?? `${name} ${value}`,
    shrink: () => [],
    isValue: (value) => value === plain || (typeof value === 'string' && values.has(value)),
  };
}

export interface NumberRange {
  readonly from: number;
  readonly to: number;
  readonly weight?: number;
  readonly isCostly?: boolean;
}

/** A factor with whole numbers, drawn from ranges. It shrinks towards the plain number by halves. */
export function numberFactor(
  name: string,
  plain: number,
  ranges: readonly NumberRange[],
  describe: (value: number) => string,
): Factor {
  const nameOf = ({ from, to }: NumberRange): string => (from === to ? `${from}` : `${from}-${to}`);
  const weights = ranges.map((range) => [range, range.weight ?? 1] as const);
  const classOf = (value: FactorValue): string => {
    // Shrinking also tries numbers between the ranges.
    const range = ranges.find(({ to }) => Number(value) <= to);
    return range === undefined || value === plain ? `${plain}` : nameOf(range);
  };
  const least = Math.min(plain, ...ranges.map(({ from }) => from));
  const most = Math.max(plain, ...ranges.map(({ to }) => to));
  return {
    name,
    plain,
    classes: [`${plain}`, ...ranges.map(nameOf)],
    classOf,
    costly: ranges.filter(({ isCostly }) => isCostly).map(nameOf),
    draw(random) {
      const { from, to } = drawWeighted(random, weights);
      return random.between(from, to);
    },
    drawFrom(random, name) {
      const { from, to } = ranges.find((range) => nameOf(range) === name) ?? { from: plain, to: plain };
      return random.between(from, to);
    },
    describe: (value) => describe(Number(value)),
    shrink: (value) => halvesBetween(plain, Number(value)),
    isValue: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

/** Ever closer to `value`, so that the first that still fails is halved again. */
function halvesBetween(plain: number, value: number): number[] {
  const steps: number[] = [];
  for (let step = value - plain; Math.abs(step) >= 2; ) {
    step = Math.trunc(step / 2);
    steps.push(value - step);
  }
  if (Math.abs(value - plain) >= 2) steps.push(value - Math.sign(value - plain));
  return [...new Set(steps)].filter((one) => one !== plain && one !== value);
}

function drawWeighted<T>(random: Random, weights: readonly (readonly [T, number])[]): T {
  let left = random.next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of weights) {
    left -= weight;
    if (left < 0) return value;
  }
  return (weights.at(-1) as readonly [T, number])[0];
}
