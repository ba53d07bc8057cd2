// Turns alternate, the first is thrown away, and a row is judged by the median of the ratios of turns.
import { describe, expect, it } from 'vitest';
import { isFarOff, isHeld } from './bench.ts';
import { renderRows } from './render-rows.ts';
import { compareTurns, quantile, takeTurns } from './rounds.ts';

const BAR = { sense: 'at-least', ratio: 2, failsAt: 1.2 } as const;

describe('takeTurns', () => {
  it('alternates the contenders and throws the first turn away', async () => {
    const calls: string[] = [];
    const contender = (name: string) => () => {
      calls.push(name);
      return calls.length;
    };
    const turns = await takeTurns(2, [contender('a'), contender('b')]);
    expect(calls.join('')).toBe('ababab');
    expect(turns).toEqual([
      [3, 5],
      [4, 6],
    ]);
  });
});

describe('compareTurns', () => {
  const ours = { name: 'ours', values: [10, 40, 30] };
  const theirs = { name: 'theirs', values: [5, 10, 30] };

  it('takes the median of the ratios of each turn, not the ratio of the medians', () => {
    const row = compareTurns(ours, theirs, 'x/s', BAR);
    expect(row).toMatchObject({ ratio: 2, ours: 30, theirs: 10, lowRatio: 1.5, highRatio: 3 });
    expect(isHeld(row.ratio, BAR)).toBe(true);
    expect(renderRows([row])).toMatch(/ours .* 2\.00 x .* >= 2 x .* held/);
  });

  it('says what is missed and what is far off', () => {
    const missed = compareTurns({ name: 'o', values: [1.5] }, { name: 't', values: [1] }, 'x', BAR);
    const far = compareTurns({ name: 'o', values: [1] }, { name: 't', values: [1] }, 'x', BAR);
    expect([isFarOff(missed), isFarOff(far)]).toEqual([false, true]);
    expect(renderRows([missed])).toContain('missed');
    expect(renderRows([far])).toContain('FAR OFF');
  });

  it('takes a ratio that is no number for far off', () => {
    expect(isFarOff(compareTurns({ name: 'o', values: [] }, { name: 't', values: [] }, 'x', BAR))).toBe(true);
  });
});

describe('quantile', () => {
  it('lies linearly between the two nearest values', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([7], 0.25)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
