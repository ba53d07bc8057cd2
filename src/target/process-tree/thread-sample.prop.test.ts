// Which threads are read, for hubs of all sizes: not too many, the running ones, and each at two looks in a row.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createThreadSampler, MOST_THREADS } from './thread-sample.ts';

const threads = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => 100 + at);
const nobody = () => false;

describe('createThreadSampler', () => {
  it('takes all of a few', () => {
    const tids = threads(MOST_THREADS);
    expect(createThreadSampler()(tids, nobody)).toEqual({ sure: tids, inTurn: [] });
  });

  it('takes each once and no more than it may, with those that ran among the sure ones', () => {
    fc.assert(
      fc.property(fc.integer({ min: 129, max: 3_000 }), fc.nat(2_999), (count, ran) => {
        const choose = createThreadSampler();
        for (let look = 0; look < 5; look++) {
          const { sure, inTurn } = choose(threads(count), (tid) => tid === 100 + (ran % count));
          const all = [...sure, ...inTurn];
          expect(new Set(all).size).toBe(all.length);
          expect(all.length).toBeLessThanOrEqual(MOST_THREADS);
          expect(sure).toContain(100 + (ran % count));
        }
      }),
    );
  });

  it('reads every thread at two looks in a row, in time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 129, max: 2_000 }), (count) => {
        const choose = createThreadSampler();
        const twice = new Set<number>();
        let last = new Set<number>();
        for (let look = 0; look <= count / 16; look++) {
          const { sure, inTurn } = choose(threads(count), nobody);
          const now = new Set([...sure, ...inTurn]);
          for (const tid of now) if (last.has(tid)) twice.add(tid);
          last = now;
        }
        expect(twice.size).toBe(count);
      }),
      { numRuns: 20 },
    );
  });
});
