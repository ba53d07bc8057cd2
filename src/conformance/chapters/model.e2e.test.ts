// Random programs and exploring: quiet on a correct hub; on a hub with a bug they find it, make it small, and the file
// they leave shows it again.
import { describe, it } from 'vitest';
import { createFixture } from '../../fixture/format/fixture.ts';
import { parseFixtureFile } from '../../fixture/format/fixture-file.ts';
import { judgeFixture } from '../../fixture/judge/judge-fixture.ts';
import { runFixture } from '../../fixture/run/run-fixture.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { startReferenceTarget } from '../../target/spawn/reference.ts';
import { startStdioTarget } from '../../target/spawn/stdio.ts';
import type { Target, TargetStart } from '../../target/target.ts';
import { systemClock } from '../../time/clock.ts';
import { parseProgramFile } from '../explore/program/program.ts';
import { runChecks } from '../run/runner.ts';
import { DEFAULT_SETTINGS } from '../run/settings.ts';
import { modelChecks } from './model.ts';

const TIMEOUT_MILLIS = 240_000;

function mustStart(start: TargetStart): Target {
  if (!start.ok) throw new Error(start.problem);
  return start.target;
}

const startDefect = async (id: string) => {
  const program = programFile(new URL('../../testing/programs/run-defect.ts', import.meta.url));
  return mustStart(await startStdioTarget({ command: `${process.execPath} ${program} ${id}`, headers: [] }));
};

const check = async (target: Target, id = 'model.random-programs', settings = DEFAULT_SETTINGS) =>
  (await runChecks({ checks: modelChecks.filter((one) => one.id === id), target, settings })).results[0];

describe.concurrent('random programs', () => {
  it('find nothing on the reference hub', { timeout: TIMEOUT_MILLIS }, async ({ expect }) => {
    const target = mustStart(await startReferenceTarget());
    try {
      expect(await check(target)).toMatchObject({ verdict: 'pass' });
    } finally {
      await target.close();
    }
  });

  it('find a hub that leaves events out, and leave a file that shows it again', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    const target = await startDefect('drop-newest');
    try {
      const result = await check(target);
      expect(result).toMatchObject({
        verdict: 'fail',
        fixture: { fileName: 'random-program-1.yaml' },
        evidence: expect.arrayContaining(['again: norn-loadtest replay random-program-1.yaml']),
      });
      const file = parseFixtureFile(result?.fixture?.yaml ?? '', 'random-program-1.yaml');
      if (!file.ok) throw new Error(file.problem);
      const fixture = createFixture(file.value.data, '.');
      if (!fixture.ok) throw new Error(fixture.problem);
      const run = await runFixture({ fixture: fixture.value, target, clock: systemClock });
      expect(judgeFixture(run).filter(({ verdict }) => verdict === 'failed')).not.toEqual([]);
    } finally {
      await target.close();
    }
  });
});

describe('exploring in the ordinary run', () => {
  it('finds nothing on a correct hub, and reports the seed', { timeout: TIMEOUT_MILLIS }, async ({
    expect,
  }) => {
    const target = await startDefect('correct');
    try {
      expect(
        await check(target, 'model.explored', { ...DEFAULT_SETTINGS, exploreMillis: 1_000 }),
      ).toMatchObject({
        verdict: 'pass',
        evidence: [expect.stringMatching(/^\d+ programs, \d+ % of all pairs of values, seed 1$/)],
      });
    } finally {
      await target.close();
    }
  });

  it('names what it found and leaves a file that replays it', { timeout: TIMEOUT_MILLIS }, async ({
    expect,
  }) => {
    const target = await startDefect('greets-in-words');
    try {
      const result = await check(target, 'model.explored', { ...DEFAULT_SETTINGS, exploreMillis: 1_000 });
      expect(result).toMatchObject({
        verdict: 'fail',
        got: expect.stringContaining('a client receives a message that is no event'),
        fixture: { fileName: 'explored-1.json', program: 'norn-conformance explore --program' },
        evidence: expect.arrayContaining(['again: norn-conformance explore --program explored-1.json']),
      });
      expect(parseProgramFile(result?.fixture?.yaml ?? '')).toMatchObject({
        ok: true,
        value: { programs: [{ factors: {} }] },
      });
    } finally {
      await target.close();
    }
  });
});
