// The search step by step: the ramp, the second word on a failure, and every kind of answer.
import { describe, expect, it } from 'vitest';
import {
  chooseNext,
  foldAnswer,
  SEARCH_DEFAULTS,
  type SearchOptions,
  type Step,
  tallyLevels,
} from './search.ts';

const OPTIONS: SearchOptions = { from: 50, least: 1, most: 400, ...SEARCH_DEFAULTS };
const passed = (level: number): Step => ({ level, outcome: 'passed' });
const failed = (level: number): Step => ({ level, outcome: 'failed' });
const limited = (level: number): Step => ({ level, outcome: 'limited' });

describe('chooseNext', () => {
  it.each<[string, Step[], number | 'done']>([
    ['begins at the given level', [], 50],
    ['doubles what passed', [passed(50)], 100],
    ['asks again where it failed', [passed(50), failed(100)], 100],
    ['goes on where the second step passed', [passed(50), failed(100), passed(100)], 200],
    ['goes down from a first level that failed twice', [failed(50), failed(50)], 25],
    ['goes no further down than the least level', [failed(1), failed(1)], 'done'],
    ['goes no further up than the highest level', [passed(50), passed(100), passed(200)], 400],
    ['is done when the highest level passed', [passed(200), passed(400)], 'done'],
    ['takes a limited step for no answer and asks again', [passed(50), limited(100)], 100],
  ])('%s', (_title, steps, level) => {
    const from = steps[0]?.level ?? 50;
    const next = chooseNext({ ...OPTIONS, from }, steps);
    expect(next.kind === 'try' ? next.level : next.kind).toBe(level);
  });

  it('tries between what passed and what failed twice', () => {
    const next = chooseNext(OPTIONS, [passed(50), passed(100), failed(200), failed(200)]);
    if (next.kind === 'done') throw new Error('done');
    expect(next.level).toBeGreaterThan(100);
    expect(next.level).toBeLessThan(200);
  });

  it('ends at its limit of steps', () => {
    const steps = Array.from({ length: SEARCH_DEFAULTS.maxSteps }, () => failed(50));
    expect(chooseNext(OPTIONS, steps)).toEqual({ kind: 'done' });
  });
});

describe('foldAnswer', () => {
  it.each<[string, Step[], object]>([
    ['nothing was tried', [], { kind: 'inconclusive', limit: 'time' }],
    [
      'the highest level passed',
      [passed(200), passed(400)],
      { kind: 'at-least', level: 400, limit: 'range' },
    ],
    [
      'the time was over on the way up',
      [passed(50), passed(100)],
      { kind: 'at-least', level: 100, limit: 'time' },
    ],
    ['one failure proves nothing', [passed(50), failed(100)], { kind: 'at-least', level: 50, limit: 'time' }],
    ['no level passed', [failed(50), failed(50), failed(25)], { kind: 'below', level: 25 }],
    [
      'the driver was the limit from the start',
      [limited(50), limited(50)],
      { kind: 'inconclusive', limit: 'driver' },
    ],
    [
      'the driver gave way above what passed',
      [passed(50), limited(100), limited(100)],
      { kind: 'at-least', level: 50, limit: 'driver' },
    ],
    [
      'the hub gave way',
      [passed(50), passed(100), failed(200), failed(200)],
      { kind: 'capacity', isPrecise: false },
    ],
  ])('%s', (_title, steps, answer) => {
    expect(foldAnswer(OPTIONS, steps)).toMatchObject(answer);
  });
});

describe('tallyLevels', () => {
  it('lets a majority of at least two steps refute a level', () => {
    const steps = [passed(50), failed(100), failed(150), limited(150), passed(200), failed(200), failed(200)];
    expect(tallyLevels(steps).map(({ level, verdict }) => [level, verdict])).toEqual([
      [50, 'passed'],
      [100, 'open'],
      [150, 'not'],
      [200, 'not'],
    ]);
  });
});
