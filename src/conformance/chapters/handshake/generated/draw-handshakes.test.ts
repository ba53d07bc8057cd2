// What is drawn: the same from the same seed, everything at once, and each combination that matters in every run.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../kit/random.ts';
import { HANDSHAKE_FACTORS } from '../../../explore/factors/all-factors.ts';
import { ADDRESS_FACTOR } from '../../../explore/factors/request-headers.ts';
import { factorValue, type Program, unusualFactors } from '../../../explore/program/program.ts';
import { drawHandshakes } from './draw-handshakes.ts';

const FOREIGN = ['unknown', 'long', 'null', 'look-alike'];
const isAllowed = (origin: string): boolean => !FOREIGN.includes(origin);
const draw = (seed: number): readonly Program[] =>
  drawHandshakes(createRandom(seed, 'handshake.generated'), 200, isAllowed);
const has = (program: Program, names: readonly string[]): boolean =>
  names.every((name) => program.factors[name] !== undefined);

describe('drawn handshakes', () => {
  it('are the same from the same seed, and others from another', () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('begin with everything at once, allowed and foreign', () => {
    const [allowed, foreign] = draw(7);
    for (const program of [allowed, foreign])
      expect(unusualFactors(program as Program).length).toBeGreaterThanOrEqual(HANDSHAKE_FACTORS.length - 3);
    expect(isAllowed(String(allowed?.factors.origin))).toBe(true);
    expect(isAllowed(String(foreign?.factors.origin))).toBe(false);
  });

  it('have three foreign origins with any two other things, in nearly every run', () => {
    const names = ['client', 'proxy', 'cookies', 'authorization', 'more', 'names', 'arrival', 'used'];
    const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => [one, other]));
    for (let seed = 1; seed <= 20; seed++) {
      const foreign = draw(seed).filter(({ factors }) => !isAllowed(String(factors.origin ?? 'none')));
      for (const pair of pairs)
        expect(foreign.filter((program) => has(program, pair)).length).toBeGreaterThanOrEqual(3);
    }
  });

  it('never have another address, and only values of their factors', () => {
    for (const program of draw(3)) {
      expect(factorValue(program, ADDRESS_FACTOR)).toBe(ADDRESS_FACTOR.plain);
      for (const factor of HANDSHAKE_FACTORS) expect(factor.isValue(factorValue(program, factor))).toBe(true);
    }
  });
});
