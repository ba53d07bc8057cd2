// Draws programs: a random subset of the factors is not plain (swarm testing, so that common ones do not mask rare ones),
// and of several drafts the one that exercises most new pairs is taken.
import type { Random } from '../../../kit/random.ts';
import { FACTORS } from '../factors/all-factors.ts';
import type { Factor } from '../factors/factor.ts';
import type { Coverage } from './coverage.ts';
import { factorValue, type Program, withValue } from './program.ts';

const DRAFTS = 6;
/** Shares of the factors that are not plain: programs that differ in little, and in much. */
const SHARES = [0.08, 0.15, 0.3, 0.5] as const;
/** A browser sends its Origin and its offer nearly always. */
const BROWSERS = ['chrome', 'firefox', 'safari', 'every kind'];
const BROWSER_SHARE = 0.5;

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
  for (let drafts = 0, tries = 0; drafts < DRAFTS && tries < 4 * DRAFTS; tries++) {
    const program = draft(random, share);
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
  return program;
}

function unlessGiven(program: Program, name: string, value: string): Program {
  const factor = FACTORS.find((one) => one.name === name) as Factor;
  return factorValue(program, factor) === factor.plain ? withValue(program, factor, value) : program;
}
