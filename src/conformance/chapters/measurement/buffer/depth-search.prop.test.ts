// Whatever the limit of a hub is, the search finds it, in few ladders and without asking outside its bounds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bounds, isFound, NOTHING_KNOWN, narrow, planRungs } from './depth-search.ts';

const MOST = 5_000;

/** A ladder on a hub that keeps up to `limit` messages: rising, and over with the first loss. */
function climb(bounds: Bounds, rungs: readonly number[], limit: number): Bounds {
  let known = bounds;
  for (const rung of rungs) {
    known = narrow(known, rung, rung <= limit);
    if (rung > limit) break;
  }
  return known;
}

describe('planRungs', () => {
  it('finds every limit within five ladders', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: MOST - 1 }),
        fc.integer({ min: 0, max: 2_000 }),
        (limit, guess) => {
          let bounds = NOTHING_KNOWN;
          let ladders = 0;
          for (; ladders < 5 && !isFound(bounds); ladders++) {
            const rungs = planRungs(bounds, ladders === 0 ? [guess] : [], MOST);
            expect(rungs.every((rung) => rung > bounds.keptMessages && rung <= MOST)).toBe(true);
            expect(rungs.length).toBeLessThanOrEqual(15);
            bounds = climb(bounds, rungs, limit);
          }
          expect(bounds).toEqual({ keptMessages: limit, lostMessages: limit + 1 });
        },
      ),
    );
  });

  it('finds a limit that was guessed with the first ladder', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MOST - 1 }), (limit) => {
        expect(isFound(climb(NOTHING_KNOWN, planRungs(NOTHING_KNOWN, [limit], MOST), limit))).toBe(true);
      }),
    );
  });

  it('has nothing left to ask of a hub without a limit', () => {
    const bounds = climb(NOTHING_KNOWN, planRungs(NOTHING_KNOWN, [65], MOST), Number.POSITIVE_INFINITY);
    expect(planRungs(bounds, [], MOST)).toEqual([]);
  });
});

describe('narrow', () => {
  it('believes the last that was seen when ladders contradict each other', () => {
    expect(narrow({ keptMessages: 65, lostMessages: 66 }, 66, true)).toEqual({
      keptMessages: 66,
      lostMessages: undefined,
    });
    expect(narrow({ keptMessages: 65, lostMessages: 66 }, 40, false)).toEqual({
      keptMessages: 0,
      lostMessages: 40,
    });
  });
});
