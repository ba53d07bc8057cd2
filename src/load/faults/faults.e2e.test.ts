// Faults on real hubs: what the run still judges, and what it says of a hub that does not come back.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type LoadOptions, loadHub } from '../../library/load-hub.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { untilSeen } from '../../testing/faults/until-seen.ts';
import { createTestCertificates } from '../../testing/tls/test-certificates.ts';
import type { LoadtestResult } from '../result/result.ts';

const folder = mkdtempSync(join(tmpdir(), 'faults-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HUB_FILE = programFile(new URL('../../cli/hub.ts', import.meta.url));
const HUB = `${process.execPath} ${HUB_FILE} --port 0`;

/** A machine that is busy answers late, which is a warning. */
const errorsOf = ({ findings }: LoadtestResult) => findings.filter(({ severity }) => severity === 'error');

/** Two at a time: each has a hub, a worker and maybe a forwarder. */
const turns = [Promise.resolve<unknown>(undefined), Promise.resolve<unknown>(undefined)];
let runs = 0;

function run(options: LoadOptions): Promise<LoadtestResult> {
  const lane = runs++ % turns.length;
  const load = () =>
    loadHub({
      clients: 5,
      workers: 1,
      ratePerSecond: 50,
      warmupMillis: 300,
      durationMillis: 2_500,
      ...options,
    });
  const result = (turns[lane] ?? Promise.resolve()).then(load);
  turns[lane] = result.catch(() => {});
  return result;
}

/** Again where a busy machine left no time for the faults. */
const runSeen = (options: LoadOptions) => untilSeen(() => run(options));

describe.concurrent('a load test with faults', () => {
  it('blames nobody for a frozen hub, and runs a command of its own', async () => {
    const file = join(folder, 'ran');
    const result = await runSeen({
      faults: ['freeze at=500ms for=1200ms', `exec='echo ran > ${file}' at=1s`],
      allowExec: true,
    });
    expect(errorsOf(result)).toEqual([]);
    expect(result).toMatchObject({
      partial: false,
      ledger: { balanced: true, lost: 0 },
    });
    expect(result.faults).toMatchObject([
      { kind: 'freeze', fault: 'freeze for=1200ms' },
      { kind: 'exec', fault: `exec='echo ran > ${file}'` },
    ]);
    const { atMillis = 0, endedAtMillis = 0 } = result.faults?.[0] ?? {};
    expect((endedAtMillis ?? 0) - atMillis).toBeGreaterThanOrEqual(1_200);
    expect(readFileSync(file, 'utf8')).toBe('ran\n');
  }, 150_000);

  it('disturbs the network of the clients, not that of the publisher', async () => {
    const result = await run({
      faults: ['latency at=0s for=3s add=200ms', 'partition at=1200ms for=800ms'],
      durationMillis: 3_000,
    });
    expect(errorsOf(result)).toEqual([]);
    expect(result).toMatchObject({
      ledger: { balanced: true, lost: 0 },
      publishing: { refused: 0, unanswered: 0 },
      target: { proxy: 'the forwarder of norn-loadtest' },
      cohorts: [{ evicted: 0, open: 5 }],
    });
    expect(result.cohorts[0]?.latencyMicros.p50).toBeGreaterThanOrEqual(200_000);
    expect(result.cohorts[0]?.latencyMicros.max).toBeGreaterThanOrEqual(800_000);
  }, 150_000);

  it('keeps to Unix sockets, TLS and the name in the certificate', async ({ onTestFinished }) => {
    const certificates = createTestCertificates();
    onTestFinished(certificates.remove);
    const { cert, key } = certificates.server;
    for (const [flags, options] of [
      [`--socket ${join(folder, 'hub.sock')}`, {}],
      [`--port 0 --cert ${cert} --key ${key}`, { ca: [certificates.ca] }],
    ] as const) {
      const result = await run({
        ...options,
        spawn: `${process.execPath} ${HUB_FILE} ${flags}`,
        faults: ['latency at=0s for=1s add=100ms'],
        durationMillis: 1_000,
      });
      expect(errorsOf(result)).toEqual([]);
      expect(result.ledger).toMatchObject({ lost: 0, balanced: true });
      expect(result.cohorts[0]?.latencyMicros.p50).toBeGreaterThanOrEqual(100_000);
    }
  }, 150_000);

  it('is inconclusive where a command failed, and says what it printed', async () => {
    const result = await run({
      faults: ["exec='echo no such deployment >&2; exit 3' at=100ms"],
      allowExec: true,
      durationMillis: 1_000,
    });
    expect(result.verdict).toBe('inconclusive');
    expect(result.findings.filter(({ name }) => name === 'not-injected')).toMatchObject([
      {
        name: 'not-injected',
        severity: 'warning',
        message: 'a fault was not injected: the command exited with code 3; it printed: no such deployment',
      },
    ]);
  }, 150_000);

  it('ends where a hub does not come back, with what it said', async () => {
    const mark = join(folder, 'second-start');
    const spawn = `sh -c 'test -e ${mark} && { echo no license >&2; exit 7; }; touch ${mark}; exec ${HUB}'`;
    const result = await run({ spawn, faults: ['kill at=200ms'], durationMillis: 60_000 });
    expect(result).toMatchObject({ verdict: 'failed', hasTargetFailed: true, partial: true });
    expect(result.stoppedBecause).toMatch(
      /^the hub did not come back after a kill: .*exited with code 7.*no license/,
    );
    expect(result.faults).toMatchObject([{ kind: 'kill', endedAtMillis: null }]);
  }, 150_000);

  it('ends where a hub dies by itself while something else is done to it', async () => {
    const mark = join(folder, 'end');
    const result = await run({
      spawn: `sh -c '(until test -e ${mark}; do sleep 0.1; done; kill -9 $$) & exec ${HUB}'`,
      onProgress({ phase }) {
        if (phase === 'steady') writeFileSync(mark, '');
      },
      faults: ['latency at=0s for=1m add=1ms', 'freeze at=1m for=1s'],
      durationMillis: 120_000,
    });
    expect(result).toMatchObject({ verdict: 'failed', hasTargetFailed: true, partial: true });
    // The publisher may see it first.
    expect(result.stoppedBecause).toMatch(/^the hub (was ended by SIGKILL|stopped taking broadcasts)/);
  }, 150_000);

  it.each([
    ['directly', []],
    ['through the forwarder', ['latency at=1ms for=10ms add=1ms']],
  ])(
    'takes events and clients again after a restart, on whatever port the hub comes back (%s)',
    async (_, more) => {
      const result = await runSeen({
        spawn: HUB,
        reconnect: ['backoff(min=50ms,max=200ms)'],
        faults: ['restart at=300ms', 'kill at=301ms', ...more],
        durationMillis: 3_000,
      });
      expect(result.partial).toBe(false);
      for (const fault of result.faults ?? [])
        expect(fault).toMatchObject({ endedAtMillis: expect.any(Number) });
      expect(result.faults).toHaveLength(2 + more.length);
      expect(result.cohorts).toMatchObject([{ open: 5, evicted: 0, lost: 0 }]);
      expect(result.publishing).toMatchObject({ refusals: [] });
      expect(errorsOf(result)).toEqual([]);
    },
    150_000,
  );

  it('lets clients whose first attempt fell into a fault try it again', async () => {
    const result = await runSeen({
      cohorts: ['flap=5:flap(read=100ms,pause=100ms)'],
      reconnect: ['immediately'],
      // Slow clients join after 35 % of the time.
      faults: ['kill at=1s'],
      durationMillis: 3_000,
    });
    expect(result.cohorts).toMatchObject([{ connected: 5 }, { connected: 5 }]);
    expect(result.findings.filter(({ name }) => name === 'not-connected')).toEqual([]);
  }, 150_000);

  it('refuses a fault that cannot work on the hub, before anything starts', async () => {
    await expect(run({ faults: ['restart at=1s target=2'] })).rejects.toThrow(
      'faults: "restart at=1s target=2": there is 1 hub',
    );
    await expect(run({ faults: ['exec=true at=1s'] })).rejects.toThrow(
      'allowExec: needed for "exec=true at=1s"',
    );
  }, 150_000);
});
