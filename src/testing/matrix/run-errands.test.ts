// Many hubs are judged at once, and a check without a verdict runs again.
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../conformance/finding.ts';
import { parsed, unparsed } from '../../units/parsed.ts';
import { type Errand, runErrands } from './run-errands.ts';

const errand = (id: string, earlierFailures = 0): Errand => ({
  subject: { id, kind: 'defect', group: '', summary: '', bugClass: 'B01', namedBy: {}, command: '' },
  checks: ['a', 'b'],
  earlierFailures,
});

interface Run {
  readonly hub: string;
  readonly checks: readonly string[];
}

/** Runs the errands on hubs whose check `b` gets these verdicts, one a run. */
async function runAll(errands: readonly Errand[], jobs: number, verdicts: Record<string, Verdict[]> = {}) {
  const runs: Run[] = [];
  const results: string[] = [];
  const running = new Set<string>();
  let mostAtOnce = 0;
  const problems = await runErrands({
    errands,
    jobs,
    async judge({ id }, checks) {
      runs.push({ hub: id, checks });
      running.add(id);
      mostAtOnce = Math.max(mostAtOnce, running.size);
      await Promise.resolve();
      running.delete(id);
      if (id === 'broken') return unparsed('broken: no ready line');
      const verdict = verdicts[id]?.shift() ?? 'pass';
      return parsed({
        checks: checks.map((check) => ({ id: check, verdict: check === 'b' ? verdict : 'pass' })),
      });
    },
    async onResult({ id }, { checks }) {
      results.push(`${id} ${checks.map(({ verdict }) => verdict).join(' ')}`);
    },
  });
  return { runs, results, problems, mostAtOnce };
}

describe('a run of many hubs', () => {
  it('runs as many hubs at once as there are jobs, and as many again of those that mostly wait', async () => {
    const busy = ['1', '2', '3', '4'].map((id) => errand(id));
    const waiting = ['5', '6', '7', '8'].map((id) => errand(id, 60));
    expect((await runAll(busy, 2)).mostAtOnce).toBe(2);
    expect((await runAll([...busy, ...waiting], 2)).mostAtOnce).toBe(4);
  });

  it('runs a check without a verdict once more, after all others', async () => {
    const { runs, results } = await runAll([errand('late'), errand('other')], 1, { late: ['error', 'fail'] });
    expect(runs.at(-1)).toEqual({ hub: 'late', checks: ['b'] });
    expect(results).toEqual(['late pass error', 'other pass pass', 'late fail']);
  });

  it('does not run it a third time', async () => {
    const { runs } = await runAll([errand('late')], 1, { late: ['error', 'error', 'error'] });
    expect(runs).toHaveLength(2);
  });

  it('names the hubs that could not be judged, and goes on', async () => {
    const { problems, results } = await runAll([errand('broken'), errand('other')], 1);
    expect(problems).toEqual(['broken: no ready line']);
    expect(results).toEqual(['other pass pass']);
  });
});
