// A loadtest.json that version 1 wrote is read as one of version 2.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readLoadtest } from '../read-loadtest.ts';
import { upgradeLoadtestResult } from './upgrade-loadtest-result.ts';

const FILE = fileURLToPath(new URL('./loadtest-v1.json', import.meta.url));
const old = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, unknown>>;

describe('a loadtest.json of version 1', () => {
  it('is read from disk under the present names', () => {
    const file = readLoadtest(FILE);
    expect(file.ok && file.value).toMatchObject({
      schemaVersion: 2,
      durationMs: old.durationMillis,
      plan: { durationMs: (old.plan as { durationMillis: number }).durationMillis },
      environment: { hasSmallWindow: (old.environment as { smallWindow: boolean }).smallWindow },
      verdict: 'passed',
      hasTargetFailed: false,
    });
  });

  it('keeps everything that has the same name', () => {
    const { cohorts, ledger, evictions, samples, command } = upgradeLoadtestResult(old);
    expect({ cohorts, ledger, evictions, samples, command }).toEqual({
      cohorts: old.cohorts,
      ledger: old.ledger,
      evictions: old.evictions,
      samples: old.samples,
      command: old.command,
    });
  });

  it('counts the evictions of a second as evicted', () => {
    const counts = (old.timeline as { evictions: number }[]).map(({ evictions }) => evictions);
    const { timeline } = upgradeLoadtestResult(old);
    expect((timeline as { evicted: number }[]).map(({ evicted }) => evicted)).toEqual(counts);
  });

  it.each([
    ['held', 'passed', false],
    ['failed', 'failed', false],
    ['undecided', 'inconclusive', false],
    ['target-failed', 'failed', true],
  ])('has the verdict %s as %s', (before, verdict, hasTargetFailed) => {
    expect(upgradeLoadtestResult({ ...old, verdict: before })).toMatchObject({ verdict, hasTargetFailed });
  });

  it('passes what has another shape to the schema', () => {
    expect(upgradeLoadtestResult({ schemaVersion: 1, timeline: 7, plan: null })).toMatchObject({
      timeline: 7,
      plan: null,
    });
  });
});
