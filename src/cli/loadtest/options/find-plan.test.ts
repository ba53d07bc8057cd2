// The flags of a search: what each level's plan is, and one line for every mistake.
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../options/command-line.ts';
import { createFindPlan } from './find-plan.ts';
import { SEARCH_OPTIONS } from './search-options.ts';

async function plan(...argv: string[]) {
  const spec = { program: 'find', usage: '', describe: '', maxPositionals: 0, examples: [] };
  const line = await parseCommandLine({ ...spec, options: SEARCH_OPTIONS }, argv, {});
  if (line.kind === 'print') throw new Error(line.text);
  return createFindPlan(line.values, { url: undefined, isStarted: true });
}

describe('createFindPlan', () => {
  it('varies the rate for 200 fast clients by default', async () => {
    const { vary, search, planAt } = await plan();
    expect([vary, search.from, search.most]).toEqual(['rate', 50, 100_000]);
    expect(planAt(777)).toMatchObject({ ratePerSecond: 777, cohorts: [{ name: 'fast', clients: 200 }] });
    expect(planAt(777).thresholds.map(({ expr }) => expr)).toContain('latency{cohort=fast}.p99<100ms');
  });

  it('varies the clients of the first cohort that reads at once, and connects them within seconds', async () => {
    const flags = ['--vary', 'clients', '--cohort', 'stall=5', '--cohort', 'a=9', '--cohort', 'b=7'];
    const { planAt, search } = await plan(...flags, '--rate', '20');
    const at = planAt(3_000);
    expect(at.cohorts.map(({ name, clients }) => [name, clients])).toEqual([
      ['stall', 5],
      ['a', 3_000],
      ['b', 7],
    ]);
    expect([at.ratePerSecond, at.rampPerSecond]).toEqual([20, 1_506]);
    expect(search.most).toBeGreaterThan(100);
  });

  it('keeps the thresholds it is given', async () => {
    const { base } = await plan('--threshold', 'lost==0');
    expect(base.thresholds.map(({ expr }) => expr)).toEqual(['lost==0']);
  });

  it.each([
    [['--rate', '50'], '--rate: the rate is what is searched'],
    [['--from', '0'], '--from: expected a whole number of at least 1, got "0"'],
    [['--from', '200', '--to', '100'], '--from: 200 is above --to, 100'],
    [['--precision', '1%'], '--precision: expected 3% to 100%, got "1%"'],
    [['--cohort', 'stall=5'], '--cohort: a search needs clients that read at once'],
    [['--vary', 'rates'], '--vary: expected one of rate, clients, got "rates"'],
    [['--vary', 'clients', '--to', '90000000'], '--to: '],
  ])('refuses %j', async (argv, problem) => {
    await expect(plan(...argv)).rejects.toThrow(problem);
  });
});
