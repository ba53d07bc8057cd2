// Stages as people write them.
import { describe, expect, it } from 'vitest';
import { parseRateStages, parseStages, renderStages } from './stages.ts';

describe('stages', () => {
  it('are durations and levels, and are rendered with the shortest units', () => {
    const stages = parseRateStages('30s:50, 1m:200/s,90m:60/m, 250ms:0, 0s:5, 2h:1.5');
    if (!stages.ok) throw new Error(stages.problem);
    expect(stages.value).toEqual([
      { durationMillis: 30_000, target: 50 },
      { durationMillis: 60_000, target: 200 },
      { durationMillis: 5_400_000, target: 1 },
      { durationMillis: 250, target: 0 },
      { durationMillis: 0, target: 5 },
      { durationMillis: 7_200_000, target: 1.5 },
    ]);
    expect(renderStages(stages.value)).toBe('30s:50, 1m:200, 90m:1, 250ms:0, 0s:5, 2h:1.5');
  });

  it.each([
    ['', '"" is not DURATION:TARGET, as in 30s:50, 1m:200'],
    ['30s', '"30s" is not DURATION:TARGET'],
    ['30s:50,', '"" is not DURATION:TARGET'],
    ['30:50', '"30" is not a duration'],
    ['30s:fast', '"fast" is not a rate'],
    ['0s:50', '"0s:50" takes no time'],
    ['23h:1, 2h:1', 'takes longer than a day'],
    [Array(1_001).fill('1s:1').join(), '1001 stages; there may be 1000'],
  ])('refuse %j', (text, problem) => {
    expect(parseRateStages(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('take targets of another kind', () => {
    expect(parseStages('1s:x', () => ({ ok: true, value: 7 }))).toEqual({
      ok: true,
      value: [{ durationMillis: 1_000, target: 7 }],
    });
  });
});
