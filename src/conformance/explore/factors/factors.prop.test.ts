// Every factor: what it draws is a value of one of its classes, and shrinking stays among its values.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../kit/random.ts';
import { FACTORS } from './all-factors.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('factors', () => {
  it('have distinct names, and the plain value as their first class', () => {
    expect(new Set(FACTORS.map(({ name }) => name)).size).toBe(FACTORS.length);
    for (const { classes, plain } of FACTORS) expect(classes[0]).toBe(String(plain));
  });

  it.each(FACTORS.map((factor) => [factor.name, factor] as const))(
    '%s draws values that are not plain',
    (_, factor) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const value = factor.draw(createRandom(seed, factor.name));
          expect(value).not.toBe(factor.plain);
          expect(factor.isValue(value)).toBe(true);
          expect(factor.classes.indexOf(factor.classOf(value))).toBeGreaterThan(0);
          expect(factor.describe(value).length).toBeGreaterThan(2);
        }),
        { numRuns: 50 },
      );
    },
  );

  it.each(FACTORS.map((factor) => [factor.name, factor] as const))(
    '%s shrinks to values closer to the plain one',
    (_, factor) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const value = factor.draw(createRandom(seed, factor.name));
          for (const smaller of factor.shrink(value)) {
            expect(factor.isValue(smaller)).toBe(true);
            expect(Math.abs(Number(smaller) - Number(factor.plain))).toBeLessThan(
              Math.abs(Number(value) - Number(factor.plain)),
            );
          }
        }),
        { numRuns: 50 },
      );
    },
  );
});
