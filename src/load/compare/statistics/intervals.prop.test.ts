// The statistics of a comparison, tried on chance that is known: intervals hold what they promise, verdicts follow.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../kit/random.ts';
import { compareSeries } from './bootstrap.ts';
import { drawBlocks, drawNormal, drawRankShare } from './chance.ts';
import { foldVerdicts, judgeCounts, judgeRatio, type RatioEstimate } from './ratio.ts';
import { estimatePairedRatio, leastPairs } from './signed-rank.ts';

const repeat = <T>(times: number, make: (index: number) => T): T[] =>
  Array.from({ length: times }, (_, i) => make(i));
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const covers = ({ low, high }: RatioEstimate, truth: number) => low <= truth && truth <= high;

describe('draws', () => {
  it('have the mean and the spread of a normal, and the mean of an order statistic', () => {
    const random = createRandom(1, 'draws');
    const normals = repeat(20_000, () => drawNormal(random));
    expect(Math.abs(meanOf(normals))).toBeLessThan(0.03);
    expect(meanOf(normals.map((value) => value * value))).toBeCloseTo(1, 1);
    const shares = repeat(20_000, () => drawRankShare(99, 100, random));
    expect(meanOf(shares)).toBeCloseTo(99 / 101, 2);
  });

  it('keep neighbours together and the length of the series', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        (length, block, seed) => {
          const series = repeat(length, (index) => index);
          const drawn = drawBlocks(series, block, createRandom(seed, 'blocks'));
          expect(drawn.length).toBe(length);
          for (const [index, value] of drawn.entries()) {
            if (index % block !== 0) expect(value).toBe(((drawn[index - 1] as number) + 1) % length);
          }
        },
      ),
    );
  });
});

describe('the interval of a paired ratio', () => {
  it('holds the true ratio in at least 94 of 100 cases at 95 %, spoiled pairs included', () => {
    const truth = 1.2;
    const random = createRandom(7, 'pairs');
    const spoiled = () => (random.next() < 0.1 ? drawNormal(random) * 2 : 0);
    const hits = repeat(600, () => {
      const ratios = repeat(8, () => truth * Math.exp(0.1 * drawNormal(random) + spoiled()));
      return covers(estimatePairedRatio(ratios, 0.95) as RatioEstimate, truth);
    });
    expect(hits.filter(Boolean).length / hits.length).toBeGreaterThanOrEqual(0.94);
  });

  it('is known exactly: of 8 pairs it reaches from the fourth mean to the fourth last at 95 %, from end to end at 99 %', () => {
    const ratios = [1, 2, 4, 8, 16, 32, 64, 128];
    const means = ratios.flatMap((one, i) => ratios.slice(i).map((other) => Math.sqrt(one * other)));
    const sorted = means.sort((a, b) => a - b);
    const at95 = estimatePairedRatio(ratios, 0.95);
    expect([at95?.low, at95?.high]).toEqual(
      [sorted[3], sorted[32]].map((value) => expect.closeTo(value as number, 9)),
    );
    const at99 = estimatePairedRatio(ratios, 0.99);
    expect([at99?.low, at99?.high]).toEqual([expect.closeTo(1, 9), expect.closeTo(128, 9)]);
  });

  it('turns over with the sides, and always holds its estimate', () => {
    const ratio = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 8, maxLength: 14 }), (ratios) => {
        const one = estimatePairedRatio(ratios, 0.95) as RatioEstimate;
        const other = estimatePairedRatio(
          ratios.map((value) => 1 / value),
          0.95,
        ) as RatioEstimate;
        expect(covers(one, one.ratio)).toBe(true);
        expect(other.ratio * one.ratio).toBeCloseTo(1, 6);
        expect(other.low * one.high).toBeCloseTo(1, 6);
      }),
    );
  });

  it('does not exist for too few pairs', () => {
    expect([0.95, 0.99].map(leastPairs)).toEqual([6, 8]);
    expect(estimatePairedRatio([1, 1, 1, 1, 1], 0.95)).toBeUndefined();
  });
});

describe('the interval of two series', () => {
  it('holds the true ratio in at least 90 of 100 cases at 95 %, where neighbouring seconds resemble each other', () => {
    const random = createRandom(3, 'series');
    const hits = repeat(100, (index) => {
      const [a, b] = [drifting(random, 30, 1_000), drifting(random, 30, 1_300)];
      return covers(compareSeries(a, b, 0.95, createRandom(index, 'bootstrap')), 1.3);
    });
    expect(hits.filter(Boolean).length / hits.length).toBeGreaterThanOrEqual(0.9);
  });

  it('repeats with its seed', () => {
    const random = createRandom(4, 'series');
    const [a, b] = [drifting(random, 20, 100), drifting(random, 20, 100)];
    const once = compareSeries(a, b, 0.95, createRandom(9, 'x'));
    expect(compareSeries(a, b, 0.95, createRandom(9, 'x'))).toEqual(once);
    expect(compareSeries(a, b, 0.95, createRandom(10, 'x'))).not.toEqual(once);
  });
});

function drifting(random: Random, seconds: number, mean: number): number[] {
  let drift = 0;
  return repeat(seconds, () => {
    drift = 0.4 * drift + 0.1 * drawNormal(random);
    return mean * (1 + drift);
  });
}

describe('judgeRatio', () => {
  it.each<[RatioEstimate, string, string]>([
    [{ ratio: 1.2, low: 1.1, high: 1.3 }, 'worse', 'better'],
    [{ ratio: 1.2, low: 0.99, high: 1.5 }, 'same', 'same'],
    [{ ratio: 1.03, low: 1.01, high: 1.04 }, 'same', 'same'],
    [{ ratio: 0.8, low: 0.7, high: 0.9 }, 'better', 'worse'],
    [{ ratio: 0.8, low: 0.7, high: 1.01 }, 'same', 'same'],
  ])('%j is %s where lower is better, %s where higher is', (estimate, lower, higher) => {
    expect([judgeRatio(estimate, 'lower', 0.05), judgeRatio(estimate, 'higher', 0.05)]).toEqual([
      lower,
      higher,
    ]);
  });
});

describe('judgeCounts', () => {
  it.each([
    [0, 0, 'same'],
    [0, 1, 'worse'],
    [1, 0, 'better'],
    [100, 110, 'same'],
    [100, 200, 'worse'],
    [200, 100, 'better'],
  ] as const)('%d against %d is %s', (a, b, verdict) => {
    expect(judgeCounts(a, b, 0.05, 2.6)).toBe(verdict);
  });
});

it('one worse metric makes the whole worse, and nothing judged is no verdict', () => {
  expect(foldVerdicts(['same', 'better', 'worse', 'inconclusive'])).toBe('worse');
  expect(foldVerdicts(['same', 'better'])).toBe('better');
  expect(foldVerdicts(['inconclusive', 'same'])).toBe('same');
  expect(foldVerdicts(['inconclusive'])).toBe('inconclusive');
});
