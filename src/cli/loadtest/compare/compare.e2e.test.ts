// Comparisons as users run them: files with exit codes that a pipeline can use, and two real hubs in turn.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CompareResult } from '../../../load/compare/compare-result.ts';
import { programFile } from '../../../target/spawn/program-file.ts';
import { buildLoadtestResult } from '../../../testing/builders/loadtest-result-builder.ts';
import { untilDecided } from '../../../testing/defect-tests/until-decided.ts';

const PROGRAM = programFile(new URL('../../loadtest.ts', import.meta.url));
const DEFECT = programFile(new URL('../../../testing/programs/run-defect.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const RUN_TIMEOUT_MILLIS = 90_000;

function run(name: string, args: readonly string[]) {
  const output = join(folder, name);
  return new Promise<{ code: number; stdout: string; stderr: string; result: () => CompareResult }>(
    (resolve) => {
      const argv = [PROGRAM, ...args, '--output', output];
      execFile(process.execPath, argv, { timeout: RUN_TIMEOUT_MILLIS }, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
        const result = () => JSON.parse(readFileSync(join(output, 'compare.json'), 'utf8')) as CompareResult;
        resolve({ code, stdout, stderr, result });
      });
    },
  );
}

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

describe.concurrent('norn-loadtest compare', () => {
  const a = write('a.json', buildLoadtestResult({ seed: 1 }));
  const b = write('b.json', buildLoadtestResult({ seed: 2, medianMicros: 3_000 }));

  it('exits 1 with --fail-on worse when something is worse, and writes its reports', async () => {
    const outcome = await run('worse', ['compare', a, b, '--fail-on', 'worse']);
    expect([outcome.code, outcome.stderr]).toEqual([1, '']);
    expect(outcome.stdout).toMatch(/^B IS WORSE: latency\{cohort=fast\}\.p50/);
    expect(outcome.result()).toMatchObject({
      mode: 'runs',
      verdict: 'worse',
      a: { label: a },
      b: { label: b },
    });
    expect(readFileSync(join(folder, 'worse', 'compare.md'), 'utf8')).toContain(
      '| latency{cohort=fast}.p50 |',
    );
  });

  it('exits 0 when nothing is worse', async () => {
    const outcome = await run('better', ['compare', b, a, '--fail-on', 'worse']);
    expect([outcome.code, outcome.stdout.split(':')[0]]).toEqual([0, 'B IS BETTER']);
  });

  it('refuses a file that is no load test, by name', async () => {
    const other = write('other.json', { name: 'x' });
    const outcome = await run('refused', ['compare', a, other]);
    expect([outcome.code, outcome.stderr]).toEqual([
      2,
      expect.stringContaining(`${other}: not a loadtest.json`),
    ]);
  });
});

describe.concurrent('norn-loadtest ab', () => {
  it('says that a hub which delays everybody is worse than the reference hub', {
    timeout: 3 * RUN_TIMEOUT_MILLIS,
  }, async () => {
    const slow = `${process.execPath} ${DEFECT} slow-for-all`;
    const load = [
      '--clients',
      '5',
      '--duration',
      '1s',
      '--warmup',
      '0',
      '--pairs',
      '2',
      '--confidence',
      '50%',
    ];
    // Again while a busy machine delays both hubs, or left nothing to judge.
    const outcome = await untilDecided(
      () => run('ab', ['ab', 'reference', slow, ...load, '--fail-on', 'worse']),
      ({ code, stdout }) => code === 4 || code === 0 || !/^B IS WORSE: .*latency/.test(stdout),
    );
    expect([outcome.code, outcome.stdout.split('\n')[0]]).toEqual([
      1,
      expect.stringMatching(/^B IS WORSE: .*latency\{cohort=fast\}\.p50/),
    ]);
    expect(outcome.stderr).toMatch(/pair {3}1 \(A B\).*\npair {3}2 \(B A\)/);
    expect(outcome.result()).toMatchObject({ mode: 'interleaved', pairs: 2, partial: false });
  });

  it('refuses fewer pairs than its confidence takes', async () => {
    const outcome = await run('few', ['ab', 'reference', 'reference', '--pairs', '5']);
    expect([outcome.code, outcome.stderr]).toEqual([
      2,
      expect.stringContaining('--pairs: expected at least 8 for this --confidence, got 5'),
    ]);
  });
});
