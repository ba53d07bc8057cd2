// Draws programs: a random subset of the factors is not plain (swarm testing, so that common ones do not mask rare ones),
// and of several drafts the one that exercises most new pairs is taken.
import type { Random } from '../../../kit/random.ts';
import { FACTORS } from '../factors/all-factors.ts';
import type { Factor, FactorValue } from '../factors/factor.ts';
import type { Coverage } from './coverage.ts';
import { factorValue, type Program, withValue } from './program.ts';

const DRAFTS = 40;
/** Shares of the factors that are not plain: programs that differ in little, and in much. */
const SHARES = [0.05, 0.1, 0.2, 0.35] as const;
/** A browser sends its Origin and its offer nearly always. */
const BROWSERS = ['chrome', 'firefox', 'safari', 'every kind'];
const BROWSER_SHARE = 0.5;
/** What no program had yet comes first. */
const NEW_VALUE_SHARE = 0.6;
/** Draws until a value of the wanted class comes. */
const MOST_DRAWS = 200;
/** A forwarded host matters to a hub that compares it with the Origin. */
const PROXIED_SHARE = 0.25;
/** A buffer overflows in the middle of a request only where requests hold many events. */
const BATCHED_SHARE = 0.4;

export interface DrawParts {
  readonly random: Random;
  readonly coverage: Coverage;
  /** Values that cannot be had here, such as a stalled client without a small window. */
  readonly isPossible: (program: Program) => boolean;
  /** Programs that would only show a known finding again; drawn seldom. */
  readonly isKnown: (program: Program) => boolean;
}

export function drawProgram({ random, coverage, isPossible, isKnown }: DrawParts): Program {
  // Drafts of one share compete with each other: more unusual factors always make more new pairs.
  const share = SHARES[random.between(0, SHARES.length - 1)] as number;
  let [best, bestGain]: [Program, number] = [{ seed: random.between(1, 2 ** 31 - 1), factors: {} }, -1];
  for (let drafts = 0, tries = 0; drafts < DRAFTS && tries < 3 * DRAFTS; tries++) {
    const program = withNewValue(draft(random, share), random, coverage);
    if (!isPossible(program)) continue;
    drafts++;
    const gain = isKnown(program) ? 0 : 1 + coverage.gain(program);
    if (gain > bestGain) [best, bestGain] = [program, gain];
  }
  return best;
}

function draft(random: Random, share: number): Program {
  let program: Program = { seed: random.between(1, 2 ** 31 - 1), factors: {} };
  for (const factor of FACTORS)
    if (random.next() < share) program = withValue(program, factor, factor.draw(random));
  if (BROWSERS.includes(String(program.factors.client)) && random.next() < BROWSER_SHARE) {
    program = unlessGiven(program, 'origin', 'default');
    program = unlessGiven(program, 'offer', 'browser');
  }
  if (program.factors.proxy !== undefined && random.next() < PROXIED_SHARE)
    program = unlessGiven(program, 'origin', 'proxied');
  if (String(program.factors.stall).startsWith('above') && random.next() < BATCHED_SHARE)
    program = unlessGiven(program, 'batch', 32);
  return program;
}

/** With a value that no program had, where there is one. */
function withNewValue(program: Program, random: Random, coverage: Coverage): Program {
  const missing = coverage.missingClasses();
  if (missing.length === 0 || random.next() >= NEW_VALUE_SHARE) return program;
  const { factor, name } = missing[random.between(0, missing.length - 1)] as (typeof missing)[number];
  for (let draws = 0; draws < MOST_DRAWS; draws++) {
    const value = factor.draw(random);
    if (factor.classOf(value) === name) return withValue(program, factor, value);
  }
  return program;
}

function unlessGiven(program: Program, name: string, value: FactorValue): Program {
  const factor = FACTORS.find((one) => one.name === name) as Factor;
  return factorValue(program, factor) === factor.plain ? withValue(program, factor, value) : program;
}
