// The programs against norn-hub on a Unix socket and on ::1: checks pass, stalled clients are evicted and the ledger balances.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ConformanceResult } from '../conformance/result.ts';
import { countWorkers } from '../load/machine/worker-count.ts';
import type { LoadtestResult } from '../load/result/result.ts';
import { programFile } from '../target/spawn/program-file.ts';
import { untilDecided } from '../testing/defect-tests/until-decided.ts';

const PROGRAMS = {
  hub: programFile(new URL('./hub.ts', import.meta.url)),
  conformance: programFile(new URL('./conformance.ts', import.meta.url)),
  loadtest: programFile(new URL('./loadtest.ts', import.meta.url)),
};
const TIMEOUT_MILLIS = 90_000;
const folder = mkdtempSync(join(tmpdir(), 'norn-addresses-'));
const socketPath = join(folder, 'a hub.sock');
const hubs: ChildProcess[] = [];
afterAll(() => {
  for (const hub of hubs) hub.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function startHub(args: readonly string[]): Promise<{ url: string; hub: ChildProcess }> {
  const hub = spawn(process.execPath, [PROGRAMS.hub, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  hubs.push(hub);
  return new Promise((resolve, reject) => {
    hub.once('exit', (code) => reject(new Error(`norn-hub ended with ${code}`)));
    hub.stdout?.once('data', (line: Buffer) => {
      const { url } = JSON.parse(line.toString()) as { url: string };
      resolve({ url, hub });
    });
  });
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The last words start Node otherwise than directly. */
function run(
  program: keyof typeof PROGRAMS,
  args: readonly string[],
  [file = process.execPath, ...before]: readonly string[] = [],
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      file,
      [...before, PROGRAMS[program], ...args],
      { env: { ...process.env, CI: 'true' }, timeout: TIMEOUT_MILLIS },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

async function load(url: string): Promise<{ result: LoadtestResult; outcome: Outcome }> {
  const output = mkdtempSync(join(folder, 'load-'));
  const args = [
    ...[
      url,
      '--clients',
      '20',
      '--cohort',
      'stall=4:stall(after=5)',
      '--duration',
      '2s',
      '--warmup',
      '300ms',
    ],
    ...['--rate', '100', '--client-buffer', '64', '--http-load', '1', '--quiet', '--output', output],
  ];
  const outcome = await untilDecided(
    () => run('loadtest', args),
    ({ code }) => code === 4,
  );
  const result = JSON.parse(readFileSync(join(output, 'loadtest.json'), 'utf8')) as LoadtestResult;
  expect(result.findings).toEqual([]);
  // On a busy machine it may be inconclusive; what was received is what is asserted.
  expect(result.verdict).not.toBe('failed');
  expect(result.ledger).toMatchObject({ lost: 0, balanced: true });
  expect(result.cohorts.find(({ name }) => name === 'stall')).toMatchObject({ evicted: 4 });
  expect(result.http.map(({ unexpectedStatuses, errors }) => [unexpectedStatuses, errors])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  return { result, outcome };
}

describe.concurrent('on a Unix socket', () => {
  it('judges and loads the hub, and removes the socket in the end', {
    timeout: 2 * TIMEOUT_MILLIS,
  }, async ({ expect }) => {
    const { url, hub } = await startHub(['--socket', socketPath]);
    expect(url).toBe(`ws+unix:${folder}/a%20hub.sock:/ws`);
    const judged = await run('conformance', [
      ...[url, '--reporter', 'json', '--only', 'handshake.accept-key', '--only', 'origin.foreign-refused'],
      ...['--only', 'delivery.no-history', '--only', 'slow-client.evicted'],
    ]);
    const { checks } = JSON.parse(judged.stdout) as ConformanceResult;
    expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(checks).toHaveLength(4);
    const { outcome, result } = await load(url);
    expect(result.target.url).toBe(url);
    expect(outcome.stdout).toContain('socket queues: the system shows none of a Unix socket');
    hub.kill('SIGTERM');
    await expect.poll(() => existsSync(socketPath)).toBe(false);
  });

  it('is refused where something else is at the path, and with options of a port', async () => {
    const [taken, both] = await Promise.all([
      run('hub', ['--socket', folder]),
      run('hub', ['--socket', socketPath, '--port', '0']),
    ]);
    expect([taken.code, taken.stderr]).toEqual([
      3,
      `norn-hub: cannot listen on ${folder}: the file exists; remove it when no hub uses it any more\n`,
    ]);
    expect([both.code, both.stderr.split('\n')[0]]).toEqual([
      2,
      'norn-hub: --socket: a Unix socket has no --port; leave out one of them',
    ]);
  });

  it('is exit code 3 with one line where no hub is', async () => {
    const { code, stderr } = await run('loadtest', [`ws+unix:${folder}/none.sock:/ws`]);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`nothing listens at ws+unix:${folder}/none.sock:/ws`);
    expect(code).toBe(3);
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

describe.skipIf(!hasIpv6).concurrent('on ::1', () => {
  it('loads the hub, and sees what the kernels hold for stalled clients', {
    timeout: 2 * TIMEOUT_MILLIS,
  }, async () => {
    const { url } = await startHub(['--host', '::1', '--port', '0']);
    expect(url).toMatch(/^ws:\/\/\[::1\]:\d+\/ws$/);
    const { result } = await load(url);
    const released = result.evictions.flatMap(({ released }) => released ?? []);
    if (process.platform === 'linux') expect(released).toHaveLength(4);
  });
});

// Only on Linux is all of 127.0.0.0/8 this machine.
describe
  .skipIf(process.platform !== 'linux')
  .concurrent('with few descriptors and given source addresses', () => {
    const DESCRIPTORS = 200;
    const limited = (args: readonly string[]): Promise<Outcome> =>
      run('loadtest', args, ['sh', '-c', `ulimit -n ${DESCRIPTORS}; exec "$0" "$@"`, process.execPath]);

    it('starts as many workers as the limit asks for, and connects from each address', {
      timeout: TIMEOUT_MILLIS,
    }, async () => {
      const { url } = await startHub(['--port', '0']);
      const output = mkdtempSync(join(folder, 'limited-'));
      const { stdout } = await limited([
        ...[url, '--clients', '150', '--local-address', '127.0.0.5-127.0.0.6', '--rate', '20'],
        ...['--duration', '1s', '--warmup', '200ms', '--quiet', '--output', output],
      ]);
      const result = JSON.parse(readFileSync(join(output, 'loadtest.json'), 'utf8')) as LoadtestResult;
      const cores = availableParallelism();
      const planned = countWorkers({ wanted: 'auto', clients: 150, cores, descriptors: DESCRIPTORS });
      expect(planned.workers).toBeGreaterThan(1);
      expect(result.plan).toMatchObject({
        workers: planned.workers,
        workersReason: planned.reason,
        localAddresses: ['127.0.0.5-127.0.0.6'],
      });
      expect(result.ledger).toMatchObject({ lost: 0, balanced: true });
      expect(result.sources?.map(({ address }) => address)).toEqual(['127.0.0.5', '127.0.0.6']);
      expect(result.sources?.reduce((sum, { clients }) => sum + clients, 0)).toBe(150);
      expect(result.command).toContain('--local-address 127.0.0.5-127.0.0.6');
      expect(stdout).toContain('local addresses: ');
      expect(stdout).toContain(`in ${planned.workers} workers (${planned.reason})`);
    });

    it.each([
      [['--workers', '1'], '150 clients in 1 worker processes need 250 descriptors each, the limit is 200'],
      [['--local-address', '192.0.2.7'], '--local-address: 192.0.2.7 is no address of this machine'],
      [
        ['--local-address', '::1'],
        '--local-address: none of the addresses can reach ws://127.0.0.1:1/ws (127.0.0.1)',
      ],
      [
        ['--local-address', 'eth0'],
        '--local-address: expected an address of this machine, a range or a network',
      ],
    ])('refuses %j before anything starts', async (args, problem) => {
      const { code, stderr } = await limited(['ws://127.0.0.1:1/ws', '--clients', '150', ...args]);
      expect(stderr).toContain(problem);
      expect(code).toBe(2);
    });
  });
