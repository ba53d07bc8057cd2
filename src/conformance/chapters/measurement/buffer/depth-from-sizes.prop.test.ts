// The depth is among what is computed, whatever the kernels hide.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solveDepth } from './depth-from-sizes.ts';

const MIB = 1024 * 1024;
const SIZES = [4 * MIB, 2 * MIB, MIB, MIB / 2];
const keptOf = (depth: number, hiddenBytes: number, eventBytes: number) => ({
  eventBytes,
  keptMessages: 1 + depth + Math.floor(hiddenBytes / eventBytes),
});

describe('solveDepth', () => {
  it('holds the depth in an interval of at most a few messages, also when kernels hide a little more or less', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_024 }),
        fc.integer({ min: MIB, max: 6 * MIB }),
        fc.array(fc.double({ min: 0.95, max: 1.05, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (depth, hiddenBytes, wobble) => {
          const seen = SIZES.map((size, at) => keptOf(depth, hiddenBytes * (wobble[at] as number), size));
          const solved = solveDepth(seen);
          expect(solved?.low).toBeLessThanOrEqual(depth);
          expect(solved?.high).toBeGreaterThanOrEqual(depth);
          expect((solved?.high ?? 0) - (solved?.low ?? 0)).toBeLessThanOrEqual(4);
        },
      ),
    );
  });

  it('is exact where kernels hide nothing', () => {
    expect(solveDepth(SIZES.map((size) => keptOf(64, 0, size)))).toMatchObject({ high: 64 });
  });

  it('has no answer when sizes contradict each other', () => {
    const seen = [
      { eventBytes: 4 * MIB, keptMessages: 200 },
      { eventBytes: MIB, keptMessages: 20 },
    ];
    expect(solveDepth(seen)).toBeUndefined();
  });
});
