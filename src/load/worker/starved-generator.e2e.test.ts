// The CPU is taken away from a worker while a test runs, by stopping and continuing it: the result must say that the
// generator was the limit, exit with 4, and never blame the hub.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { loadHub } from '../../library/load-hub.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { PhaseName } from '../plan/phase.ts';
import type { LoadtestResult } from '../result/result.ts';

const PROGRAM = programFile(new URL('../../cli/loadtest.ts', import.meta.url));
const WORKER_DEADLINE_MILLIS = 30_000;
const STOPPED_MILLIS = 90;
const RUNNING_MILLIS = 10;

const folders: string[] = [];
const programs: ChildProcess[] = [];
afterAll(() => {
  for (const program of programs) program.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The worker that this program started. */
function findWorker(parentPid: number): number | undefined {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      if (Number(parent) !== parentPid) continue;
      if (readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('worker-process.js')) return Number(name);
    } catch {
      // It ended while we looked.
    }
  }
  return undefined;
}

async function awaitWorker(parentPid: number): Promise<number> {
  const giveUpMicros = systemClock.nowMicros() + WORKER_DEADLINE_MILLIS * 1e3;
  while (systemClock.nowMicros() < giveUpMicros) {
    const pid = findWorker(parentPid);
    if (pid !== undefined) return pid;
    await pause(systemClock, 20);
  }
  throw new Error(`no worker within ${WORKER_DEADLINE_MILLIS} ms`);
}

/** Until the process has so many sockets: its clients connect. */
async function awaitSockets(pid: number, least: number): Promise<void> {
  const folder = `/proc/${pid}/fd`;
  const count = () =>
    readdirSync(folder).filter((name) => {
      try {
        return readlinkSync(join(folder, name)).startsWith('socket:');
      } catch {
        return false;
      }
    }).length;
  const giveUpMicros = systemClock.nowMicros() + WORKER_DEADLINE_MILLIS * 1e3;
  while (count() < least && systemClock.nowMicros() < giveUpMicros) await pause(systemClock, 20);
}

/** Leaves the process about a tenth of the time, until it has ended. */
async function starve(pid: number, hasEnded: () => boolean): Promise<void> {
  try {
    while (!hasEnded()) {
      process.kill(pid, 'SIGSTOP');
      await pause(systemClock, STOPPED_MILLIS);
      process.kill(pid, 'SIGCONT');
      await pause(systemClock, RUNNING_MILLIS);
    }
  } catch {
    // The worker has ended.
  }
}

/** A run in a process of its own. */
function start(args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'starved-'));
  folders.push(folder);
  const argv = [PROGRAM, '--rate', '100', '--duration', '3s', ...args, '--quiet', '--output', folder];
  const child = spawn(process.execPath, argv, { env: { ...process.env, CI: 'true' }, stdio: 'ignore' });
  programs.push(child);
  const run = {
    pid: child.pid ?? 0,
    exitCode: undefined as number | null | undefined,
    ended: Promise.resolve(),
    readResult: () => JSON.parse(readFileSync(join(folder, 'loadtest.json'), 'utf8')) as LoadtestResult,
  };
  run.ended = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      run.exitCode = code;
      resolve();
    });
  });
  return run;
}

const CONCURRENT = { concurrent: true };

describe.skipIf(process.platform !== 'linux')('a load test whose worker lacks CPU time', CONCURRENT, () => {
  it('is inconclusive where it gets a tenth of it, names the worker, and exits with 4', {
    timeout: 120_000,
  }, async ({ expect }) => {
    const thresholds = ['latency{cohort=fast}.p99<20ms', 'evicted{cohort=fast}==0'];
    const run = start([
      ...['--clients', '50', '--warmup', '300ms', '--workers', '1'],
      ...thresholds.flatMap((threshold) => ['--threshold', threshold]),
    ]);
    const pid = await awaitWorker(run.pid);
    await starve(pid, () => run.exitCode !== undefined);
    await run.ended;
    const result = run.readResult();
    expect(result.generator.reasons.join()).toContain('worker 1');
    expect([run.exitCode, result.verdict, result.generator.limited]).toEqual([4, 'inconclusive', true]);
    expect(result.generator.workers[0]?.starvedShare).toBeGreaterThan(0.4);
  });

  it('is inconclusive where one of two is stopped for good, and blames no hub for its clients', {
    timeout: 120_000,
  }, async ({ expect }) => {
    const run = start(['--clients', '20', '--warmup', '2s', '--workers', '2']);
    const pid = await awaitWorker(run.pid);
    await awaitSockets(pid, 5);
    process.kill(pid, 'SIGSTOP');
    await run.ended;
    const { verdict, findings, stoppedBecause } = run.readResult();
    expect([run.exitCode, verdict]).toEqual([4, 'inconclusive']);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(stoppedBecause).toMatch(/^worker process [12] has not reported for 10 s/);
  });
  // The second time is longer than what counts as a standstill of the hub, and ends while slow clients read on one by one.
  const stops: Partial<Record<PhaseName, number>> = { 'slow clients': 1_500, drain: 6_500 };

  it('is inconclusive where one is stopped for a while, and names it; no client is lost or blocked', {
    timeout: 120_000,
  }, async ({ expect }) => {
    const stopped: Promise<void>[] = [];
    async function stopFor(millis: number): Promise<void> {
      const pid = await awaitWorker(process.pid);
      process.kill(pid, 'SIGSTOP');
      await pause(systemClock, millis);
      process.kill(pid, 'SIGCONT');
    }
    const result = await loadHub({
      cohorts: ['fast=12', 'asleep=2:stall(after=5)'],
      ratePerSecond: 50,
      durationMillis: 3_000,
      warmupMillis: 300,
      workers: 2,
      onProgress({ phase }) {
        const millis = stops[phase];
        delete stops[phase];
        if (millis !== undefined) stopped.push(stopFor(millis));
      },
    });
    await Promise.all(stopped);
    expect(stopped).toHaveLength(2);
    expect(result.verdict).toBe('inconclusive');
    expect(result.generator.reasons).toContainEqual(
      expect.stringMatching(/^worker [12] was stopped, or got no CPU time, for \d+(\.\d+)? s/),
    );
    expect(
      result.findings.filter(({ name, severity }) => severity === 'error' || name === 'blocked'),
    ).toEqual([]);
  });
});
