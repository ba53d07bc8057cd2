// CPU time between two readings, and of processes that burn it or sleep.
import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { type CpuReading, cpuMillisBetween, readCpu } from './process-cpu.ts';

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

describe('cpuMillisBetween', () => {
  it('counts what living processes used, new ones included, and nothing of those that have ended', () => {
    const first = new Map([
      [1, 100],
      [2, 500],
    ]);
    const second = new Map([
      [1, 130],
      [3, 7],
    ]);
    expect(cpuMillisBetween(first, second)).toBe(37);
  });

  it('counts nothing for a process whose sum fell, because a thread has ended', () => {
    expect(cpuMillisBetween(new Map([[1, 100]]), new Map([[1, 60]]))).toBe(0);
  });
});

describe('readCpu', () => {
  const none = async () => undefined;

  it('tells a process that burns CPU time from one that sleeps', async () => {
    const [busy, idle] = ['for (;;) {}', 'setInterval(() => {}, 1e6)'].map((script) => {
      const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
      ended.push(() => child.kill('SIGKILL'));
      return { pids: () => [child.pid as number], resources: none };
    });
    const used = async (each: typeof busy, before?: CpuReading) => {
      const reading = each === undefined ? undefined : await readCpu(each);
      return cpuMillisBetween(before ?? new Map(), reading ?? new Map());
    };
    // A busy machine lets it run sooner or later.
    await expect.poll(() => used(busy), { timeout: 20_000 }).toBeGreaterThan(300);
    const before = await readCpu(idle as NonNullable<typeof idle>);
    await pause(systemClock, 50);
    expect(await used(idle, before)).toBeLessThan(300);
  });

  it('falls back to what the target knows, and is undefined where nothing is known', async () => {
    const resources = async () => ({ rssBytes: 1, descriptors: 1, cpuSeconds: 1.5 });
    expect(await readCpu({ pids: undefined, resources })).toEqual(new Map([[0, 1_500]]));
    expect(await readCpu({ pids: undefined, resources: none })).toBeUndefined();
  });
});
