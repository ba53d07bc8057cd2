// What is left of a run whose coordinator is killed, and what programs do when a disk takes no more: nothing that was
// measured is lost, and nothing more is claimed than was measured.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { createHub } from '../../hub/hub.ts';
import type { LoadtestResult } from '../../load/result/result.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { portOf } from '../../wire/hub-address.ts';

const PROGRAM = programFile(new URL('../loadtest.ts', import.meta.url));
const CONFORMANCE = programFile(new URL('../conformance.ts', import.meta.url));
const DEFECT = programFile(new URL('../../testing/programs/run-defect.ts', import.meta.url));
const TIMEOUT = { timeout: 120_000 };
const ENVIRONMENT = { ...process.env, CI: 'true' };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'norn-cut-off-'));
  folders.push(folder);
  return folder;
}

interface Ended {
  readonly code: number | string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function execute(file: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, args, { env: ENVIRONMENT }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

const loadtest = (...args: readonly string[]) => execute(process.execPath, [PROGRAM, ...args]);

/** Kills the coordinator when its journal satisfies `isDue`; resolves with the path of the journal. */
async function killWhen(
  isDue: (soFar: LoadtestResult) => boolean,
  args: readonly string[],
): Promise<{ readonly folder: string; readonly journal: string }> {
  const folder = newFolder();
  const journal = join(folder, 'loadtest.journal.json');
  const child = spawn(process.execPath, [PROGRAM, ...args, '--quiet', '--output', folder], {
    env: ENVIRONMENT,
    stdio: 'ignore',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const read = () => JSON.parse(readFileSync(journal, 'utf8')) as LoadtestResult;
  while (child.exitCode === null && !(existsSync(journal) && isDue(read()))) await pause(systemClock, 20);
  child.kill('SIGKILL');
  await exited;
  return { folder, journal };
}

/** A hub behind a path on which nothing more reaches its clients once it is interrupted; producers are answered. */
async function startInterruptiblePath() {
  const hub = createHub();
  const { url } = await hub.listen(0, '127.0.0.1');
  let isInterrupted = false;
  const server = createServer((client) => {
    const toHub = connect(portOf(url) ?? 0, '127.0.0.1');
    let isListener = false;
    client.on('data', (bytes) => {
      isListener ||= bytes.includes('Upgrade: websocket');
      toHub.write(bytes);
    });
    toHub.on('data', (bytes) => {
      if (!(isListener && isInterrupted)) client.write(bytes);
    });
    for (const [one, other] of [
      [client, toHub],
      [toHub, client],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    interrupt() {
      isInterrupted = true;
    },
    close() {
      server.close();
      void hub.stop();
    },
  };
}

const CLIENTS = ['--clients', '20', '--warmup', '300ms'];
const spawned = (defect: string) => ['--spawn', `${process.execPath} ${DEFECT} ${defect}`];

describe.concurrent('a run that is killed', () => {
  it(
    'leaves what it had measured, which report shows as partial; the next run keeps it',
    TIMEOUT,
    async ({ expect }) => {
      const hasMeasured = ({ cohorts }: LoadtestResult) => (cohorts[0]?.latencyMicros.count ?? 0) > 0;
      const { folder, journal } = await killWhen(hasMeasured, [...CLIENTS, '--duration', '60s']);
      expect(readdirSync(folder).filter((name) => !name.endsWith('.tmp'))).toEqual(['loadtest.journal.json']);
      const shown = await loadtest('report', journal, '--html', '--markdown', '--output', join(folder, 'r'));
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      const text = await loadtest('report', journal);
      expect(text.stdout).toMatch(/^INCONCLUSIVE: the run was cut off: .+ in its first .+ s \[partial\]/);
      expect(text.stdout).toMatch(/; balanced\n/);
      expect(text.stdout).not.toContain('ERROR');
      expect(readFileSync(join(folder, 'r', 'loadtest.md'), 'utf8')).toContain('the run was cut off');

      const next = await loadtest(...CLIENTS, '--duration', '1s', '--quiet', '--output', folder);
      const kept = /norn-loadtest report (\S+)/.exec(next.stderr)?.[1] ?? '';
      expect((await loadtest('report', kept)).stdout).toBe(text.stdout);
      expect(existsSync(journal)).toBe(false);
      expect(existsSync(join(folder, 'loadtest.json'))).toBe(true);
    },
  );

  it('in its drain blames no hub for what had not come yet', TIMEOUT, async ({ expect }) => {
    const path = await startInterruptiblePath();
    let isDraining = false;
    const { journal } = await killWhen(
      ({ phases, cohorts }) => {
        if ((cohorts[0]?.received ?? 0) > 0) path.interrupt();
        isDraining = phases?.at(-1)?.name === 'drain';
        return isDraining;
      },
      [path.url, ...CLIENTS, '--duration', '3s'],
    );
    path.close();
    expect(isDraining).toBe(true);
    const { stdout } = await loadtest('report', journal);
    expect(stdout).toMatch(/^INCONCLUSIVE: the run was cut off/);
    expect(stdout).toMatch(/[1-9]\d* not delivered to clients that left \+ 0 lost; balanced\n/);
    expect(stdout).not.toContain('ERROR');
  });

  it('keeps the evidence against a hub that it had', TIMEOUT, async ({ expect }) => {
    const hasFinding = ({ findings }: LoadtestResult) => findings.length > 0;
    const { journal } = await killWhen(hasFinding, [
      ...spawned('duplicate'),
      ...CLIENTS,
      '--duration',
      '60s',
    ]);
    const { stdout } = await loadtest('report', journal);
    expect(stdout).toMatch(/^FAILED: 1 finding.+\[partial\]/);
    expect(stdout).toContain('ERROR duplicated');
  });
});

/** Longer files cannot be written, as on a full disk. */
const withLongestFile = (blocks: number, program: string, args: readonly string[]) =>
  execute('/bin/sh', ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, program, ...args]);

describe.skipIf(process.platform !== 'linux')('a disk that takes no more', { concurrent: true }, () => {
  const SHORT = [...CLIENTS, '--duration', '1500ms', '--quiet'];

  it(
    'is exit code 3 with everything else written, and the terminal has the result',
    TIMEOUT,
    async ({ expect }) => {
      const folder = newFolder();
      const run = await withLongestFile(8, PROGRAM, [...SHORT, '--reporter', 'junit', '--output', folder]);
      expect(run.code).toBe(3);
      expect(run.stderr).toMatch(
        /cannot write \S+loadtest\.html: EFBIG.+; choose another folder with --output/,
      );
      expect(run.stdout).toContain('; balanced');
      expect(readdirSync(folder)).toContain('loadtest.md');
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    },
  );

  it.each([
    [
      'find',
      PROGRAM,
      ['find', '--clients', '2', '--from', '20', '--to', '20', '--duration', '1s', '--budget', '3s'],
      'find.json',
    ],
    ['replay', PROGRAM, ['replay', 'drop-newest-gap'], 'replay.html'],
    ['conformance', CONFORMANCE, ['--only', 'envelope.*', '--reporter', 'html'], 'conformance.html'],
  ])('is exit code 3 of %s, which prints its result', TIMEOUT, async (_, program, args, file) => {
    const folder = newFolder();
    const { code, stderr, stdout } = await withLongestFile(1, program, [...args, '--output', folder]);
    if (code !== 3) throw new Error(`exit ${code}\n${stdout}\n${stderr}`);
    if (!stderr.includes(file)) throw new Error(stderr);
  });

  it('is exit code 3 where what is printed goes there', TIMEOUT, async ({ expect }) => {
    const shell = `exec "$@" > /dev/full`;
    const args = ['-c', shell, 'sh', process.execPath, PROGRAM, '--help'];
    expect(await execute('/bin/sh', args)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('cannot write to stdout: ENOSPC'),
    });
  });
});
