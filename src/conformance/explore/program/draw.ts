// Draws programs: a random subset of the factors is not plain (swarm testing, so that common ones do not mask rare ones),
// and of several drafts the one that exercises most new pairs is taken.
import type { Random } from '../../../kit/random.ts';
import { FACTORS } from '../factors/all-factors.ts';
import type { Factor, FactorValue } from '../factors/factor.ts';
import type { Coverage } from './coverage.ts';
import { factorValue, type Program, unusualFactors, withValue } from './program.ts';

const DRAFTS = 40;
/** One of so many programs has a value that takes seconds. */
const COSTLY_EVERY = 10;
/** Shares of the factors that are not plain: programs that differ in little, and in much. */
const SHARES = [0.05, 0.1, 0.2, 0.35] as const;
/** A browser sends its Origin and its offer nearly always. */
const BROWSERS = ['chrome', 'firefox', 'safari', 'every kind'];
const BROWSER_SHARE = 0.5;
/** What no program had yet comes first. */
const NEW_VALUE_SHARE = 0.6;
/** A forwarded host matters to a hub that compares it with the Origin. */
const PROXIED_SHARE = 0.25;
/** Nothing can be compressed without an offer. */
const OFFERED_SHARE = 0.9;
/** What goes wrong between two evictions shows where several overflow on one event and one of them reads on. */
const MANY_STALLED_SHARE = 0.5;
/** A buffer overflows in the middle of a request only where requests hold many events. */
const BATCHED_SHARE = 0.75;

export interface DrawParts {
  readonly random: Random;
  readonly coverage: Coverage;
  /** Values that cannot be had here, such as a stalled client without a small window. */
  readonly isPossible: (program: Program) => boolean;
  /** Programs that would only show a known finding again; drawn seldom. */
  readonly isKnown: (program: Program) => boolean;
  /** The program has a value that takes seconds; the others have none. Default false. */
  readonly isCostly?: boolean;
}

/** Values of a factor that count as one. */
interface ValueClass {
  readonly factor: Factor;
  readonly name: string;
}

const COSTLY_CLASSES: readonly ValueClass[] = FACTORS.flatMap((factor) =>
  factor.costly.map((name) => ({ factor, name })),
);

/** By the number of programs before it, so that a seed always draws the same programs. */
export const isCostlyTurn = (programs: number): boolean => programs % COSTLY_EVERY === COSTLY_EVERY - 1;

export function drawProgram(parts: DrawParts): Program {
  const { random, coverage, isPossible, isKnown, isCostly = false } = parts;
  // Drafts of one share compete with each other: more unusual factors always make more new pairs.
  const share = SHARES[random.between(0, SHARES.length - 1)] as number;
  const rare = isCostly ? rarest(parts) : undefined;
  const missing = coverage.missingClasses().filter(({ factor, name }) => !factor.costly.includes(name));
  const plain: Program = { seed: random.between(1, 2 ** 31 - 1), factors: {} };
  let [best, bestGain]: [Program, number] = [withValueOf(plain, rare, random), -1];
  for (let drafts = 0, tries = 0; drafts < DRAFTS && tries < 3 * DRAFTS; tries++) {
    const cheap = withoutCostly(draft(random, share));
    const fresh = random.next() < NEW_VALUE_SHARE ? pick(missing, random) : undefined;
    const program = completed(withValueOf(withValueOf(cheap, fresh, random), rare, random), random);
    if (!isPossible(program)) continue;
    drafts++;
    const gain = isKnown(program) ? 0 : 1 + coverage.gain(program);
    if (gain > bestGain) [best, bestGain] = [program, gain];
  }
  return best;
}

/** Of the classes that take seconds one of those that fewest programs had: each has its turn. */
function rarest({ random, coverage, isPossible }: DrawParts): ValueClass | undefined {
  const possible = COSTLY_CLASSES.filter((one) =>
    isPossible(withValueOf({ seed: 1, factors: {} }, one, random)),
  );
  const times = possible.map(({ factor, name }) => coverage.timesSeen(factor, name));
  return pick(
    possible.filter((_, at) => times[at] === Math.min(...times)),
    random,
  );
}

function pick<T>(list: readonly T[], random: Random): T | undefined {
  return list.length === 0 ? undefined : list[random.between(0, list.length - 1)];
}

function withValueOf(program: Program, one: ValueClass | undefined, random: Random): Program {
  return one === undefined ? program : withValue(program, one.factor, one.factor.drawFrom(random, one.name));
}

function withoutCostly(program: Program): Program {
  return unusualFactors(program)
    .filter((factor) => factor.costly.includes(factor.classOf(factorValue(program, factor))))
    .reduce((cheaper, factor) => withValue(cheaper, factor, factor.plain), program);
}

function draft(random: Random, share: number): Program {
  let program: Program = { seed: random.between(1, 2 ** 31 - 1), factors: {} };
  for (const factor of FACTORS)
    if (random.next() < share) program = withValue(program, factor, factor.draw(random));
  return program;
}

/** With what seldom matters alone. */
function completed(drawn: Program, random: Random): Program {
  let program = drawn;
  if (BROWSERS.includes(String(program.factors.client)) && random.next() < BROWSER_SHARE) {
    program = unlessGiven(program, 'origin', 'default');
    program = unlessGiven(program, 'offer', 'browser');
  }
  if (program.factors.proxy !== undefined && random.next() < PROXIED_SHARE)
    program = unlessGiven(program, 'origin', 'proxied');
  if (String(program.factors.sends).startsWith('compressed') && random.next() < OFFERED_SHARE)
    program = unlessGiven(program, 'offer', 'browser');
  if (String(program.factors.stall).startsWith('above') && random.next() < BATCHED_SHARE)
    program = unlessGiven(program, 'batch', 32);
  if (program.factors.stall === 'above, reads on' && random.next() < MANY_STALLED_SHARE)
    program = unlessGiven(program, 'stalled', random.between(5, 12));
  return program;
}

function unlessGiven(program: Program, name: string, value: FactorValue): Program {
  const factor = FACTORS.find((one) => one.name === name) as Factor;
  return factorValue(program, factor) === factor.plain ? withValue(program, factor, value) : program;
}
