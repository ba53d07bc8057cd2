// The search as users run it: answers, exit codes, reports, and an interruption that loses nothing.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FindResult } from '../../load/find/find-result.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { untilDecided } from '../../testing/defect-tests/until-decided.ts';

const PROGRAM = programFile(new URL('../loadtest.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'find-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const RUN_TIMEOUT_MILLIS = 60_000;
const TIMEOUT_MILLIS = 3 * RUN_TIMEOUT_MILLIS;
const QUICK = ['--clients', '5', '--duration', '1s', '--warmup', '0', '--threshold'];

/** Again where another program held up the publisher for so long that a rate was not reached. */
const run = (name: string, args: readonly string[]) =>
  untilDecided(
    () => runOnce(name, args),
    ({ code, result }) => code === 4 || result().steps.some(({ outcome }) => outcome === 'limited'),
  );

function runOnce(name: string, args: readonly string[]) {
  const output = join(folder, name);
  return new Promise<{ code: number; stdout: string; stderr: string; result: () => FindResult }>(
    (resolve) => {
      const argv = [PROGRAM, 'find', ...args, '--output', output];
      execFile(process.execPath, argv, { timeout: RUN_TIMEOUT_MILLIS }, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
        resolve({ code, stdout, stderr, result: () => readResult(output) });
      });
    },
  );
}

const readResult = (output: string): FindResult =>
  JSON.parse(readFileSync(join(output, 'find.json'), 'utf8')) as FindResult;

describe.concurrent('norn-loadtest find', () => {
  it('says that the highest rate asked for held', { timeout: TIMEOUT_MILLIS }, async () => {
    const samples = join(folder, 'held.ndjson');
    const outcome = await run('held', [
      ...[...QUICK, 'lost==0', '--from', '20', '--to', '40'],
      ...['--out', `ndjson=${samples}`],
    ]);
    expect(outcome.code).toBe(0);
    const lines = readFileSync(samples, 'utf8').trimEnd().split('\n');
    expect(lines.filter((line) => /"elapsedMillis":\d\b/.test(line)).length).toBeGreaterThanOrEqual(2);
    expect(lines.at(-1)).toBe('{"kind":"end","how":"whole"}');
    expect(outcome.stdout).toMatch(/^AT LEAST 40 events\/s/);
    expect(outcome.stderr).toMatch(/20 events\/s +passed/);
    expect(outcome.result()).toMatchObject({
      answer: { kind: 'at-least', level: 40, limit: 'range' },
      partial: false,
      curve: [{ level: 20 }, { level: 40, evicted: 0 }],
    });
    expect(readFileSync(join(folder, 'held', 'find.md'), 'utf8')).toContain('| 40 | 1 of 1 |');
  });

  it('says that no number of clients held, and exits 1', { timeout: TIMEOUT_MILLIS }, async () => {
    const args = [...QUICK, 'received>1000000', '--vary', 'clients', '--rate', '20', '--from', '1'];
    const outcome = await run('below', args);
    expect([outcome.code, outcome.stdout.split('\n')[0]]).toEqual([
      1,
      expect.stringContaining('NOT EVEN 1 clients'),
    ]);
    expect(outcome.result().steps.map(({ level, outcome: step }) => [level, step])).toEqual([
      [1, 'failed'],
      [1, 'failed'],
    ]);
  });

  it('reports what it has when it is interrupted', { timeout: TIMEOUT_MILLIS }, async () => {
    const output = join(folder, 'interrupted');
    const child = spawn(process.execPath, [PROGRAM, 'find', ...QUICK, 'lost==0', '--output', output]);
    child.stderr.once('data', () => child.kill('SIGINT')); // the line of the first step
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(130);
    const result = readResult(output);
    expect(result).toMatchObject({ partial: true, stoppedBecause: 'interrupted' });
    expect(result.steps.length).toBeGreaterThan(0);
  });
});
