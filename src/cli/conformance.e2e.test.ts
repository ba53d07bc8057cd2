// norn-conformance as users run it: exit codes, streams, files.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { programFile } from '../target/spawn/program-file.ts';

const PROGRAM = programFile(new URL('./conformance.ts', import.meta.url));
const DEFECTS = programFile(new URL('../testing/programs/run-defect.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'norn-conformance-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { maxBuffer: 2 ** 26 }, (failure, stdout, stderr) => {
      resolve({
        code: typeof failure?.code === 'number' ? failure.code : failure === null ? 0 : -1,
        stdout,
        stderr,
      });
    });
  });
}

const FEW = ['--only', 'handshake.accept-key', '--only', 'origin.foreign-refused'];
const spawned = (defect: string) => ['--spawn', `${process.execPath} ${DEFECTS} ${defect}`];

describe.concurrent('norn-conformance', { timeout: 120_000 }, () => {
  it('judges the reference hub when it is given no other', async () => {
    const { code, stdout } = await run(...FEW);
    expect(stdout).toContain('2 checks: 2 pass');
    expect(code).toBe(0);
  });

  it('prints JSON and nothing else with --reporter json', async () => {
    const { stdout, code } = await run(...FEW, '--reporter', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 2,
      summary: { pass: 2, fail: 0 },
      target: { adapter: 'reference' },
    });
    expect(code).toBe(0);
  });

  it('fails a spawned hub that lets every page in, and says how to see it again', async () => {
    const { code, stdout } = await run(...spawned('any-origin'), ...FEW);
    expect(code).toBe(1);
    expect(stdout).toContain('--only origin.foreign-refused');
  });

  it('renders old results again, and several hubs side by side', async () => {
    const files = await Promise.all(
      ['any-origin', 'correct'].map(async (hub) => {
        const file = join(folder, `${hub}.json`);
        writeFileSync(file, (await run(...spawned(hub), ...FEW, '--reporter', 'json')).stdout);
        return file;
      }),
    );
    const one = await run('report', files[0] ?? '');
    expect(one.stdout).toContain('FAIL  must   origin.foreign-refused');
    const both = await run('report', ...files, '--output', folder);
    expect(both.stdout).toMatch(/any-origin +2 checks: 1 pass, 1 fail|any-origin +2 checks: 1 fail, 1 pass/);
    const page = readFileSync(join(folder, 'conformance-grid.html'), 'utf8');
    expect(page).toContain('<th scope="col">any-origin</th><th scope="col">correct</th>');
    expect(both.code).toBe(0);
  });

  it.each([
    [['report'], 'give at least one conformance.json'],
    [['report', '/no/such/file.json'], '/no/such/file.json: no such file'],
    [['report', PROGRAM], 'not JSON'],
  ])('refuses %j', async (args, problem) => {
    const { code, stderr } = await run(...args);
    expect(stderr).toContain(problem);
    expect(code).toBe(2);
  });

  it('is green while a failure is known, and red once it is fixed', async () => {
    const file = join(folder, 'known.yaml');
    writeFileSync(file, '- id: origin.foreign-refused\n  reason: until the next release\n');
    const known = await run(...spawned('any-origin'), ...FEW, '--known-failing', file);
    expect(known.code).toBe(0);
    const fixed = await run(...spawned('correct'), ...FEW, '--known-failing', file);
    expect(fixed.code).toBe(1);
    expect(fixed.stdout).toContain('remove it from the list');
  });

  it('writes each report into a folder', async () => {
    const { code } = await run(...FEW, '--output', join(folder, 'reports'));
    expect(code).toBe(0);
    for (const ext of ['txt', 'json', 'xml', 'md', 'html']) {
      expect(existsSync(join(folder, 'reports', `conformance.${ext}`))).toBe(true);
    }
    expect(readFileSync(join(folder, 'reports', 'conformance.md'), 'utf8')).toContain('# Conformance');
  });

  it('says that nothing was judged with exit code 4', async () => {
    const { code } = await run('--only', 'origin.extras-allowed');
    expect(code).toBe(4);
  });

  it.each([
    [['--only', 'orign.*'], '--only: no check is called "orign.*"'],
    [['--explain', 'origin.foreign-refusd'], 'did you mean origin.foreign-refused?'],
    [['--reporter', 'xml'], '--reporter: expected one of terminal, json'],
    [['--known-failing', '/nowhere.yaml'], '--known-failing: cannot read /nowhere.yaml'],
    [['ws://example.com/ws'], 'is not this machine'],
    [['--level', 'most'], '--level: expected one of'],
    [['exlpore'], 'exlpore: no such command; did you mean explore?'],
  ])('refuses %j in one line', async (args, problem) => {
    const { code, stderr, stdout } = await run(...args);
    expect(stderr).toContain(problem);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('says that nobody listens with exit code 3', async () => {
    const { code, stderr } = await run('ws://127.0.0.1:1/ws');
    expect(code).toBe(3);
    expect(stderr).toContain('nothing listens');
  });

  it('lists and explains checks without starting anything', async () => {
    expect((await run('--list')).stdout).toContain('origin.foreign-refused');
    expect((await run('--explain', 'origin.null-refused')).stdout).toContain('sandboxed frame');
  });
});
