// CPU time between two readings, and of processes that burn it or sleep.
import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { type CpuReading, cpuMillisBetween, cpuUseBetween, type ProcessCpu, readCpu } from './process-cpu.ts';

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

const byThread = (numbers: Record<number, number>): ReadonlyMap<number, number> =>
  new Map(Object.entries(numbers).map(([tid, number]) => [Number(tid), number]));
const cpu = (threads: Record<number, number>, ticks: readonly number[] = [0, 0, 0, 0]): ProcessCpu => ({
  threads: byThread(threads),
  ...{ waits: new Map(), ready: new Set(), ticks },
});

describe('cpuMillisBetween', () => {
  it('counts what living processes used, new ones included, and nothing of those that have ended', () => {
    const first = new Map([
      [1, cpu({ 1: 100 })],
      [2, cpu({ 2: 500 })],
    ]);
    const second = new Map([
      [1, cpu({ 1: 130 })],
      [3, cpu({ 3: 7 })],
    ]);
    expect(cpuMillisBetween(first, second)).toBe(37);
  });

  it('does not take what an ended thread used from what the others use', () => {
    const first = new Map([[1, cpu({ 1: 100, 2: 5_000 }, [510, 0, 0, 0])]]);
    expect(cpuMillisBetween(first, new Map([[1, cpu({ 1: 160 }, [516, 0, 0, 0])]]))).toBe(60);
  });

  it('counts threads and children that began and ended in between, a tick less of each total', () => {
    const first = new Map([[1, cpu({ 1: 100 }, [10, 3, 50, 9])]]);
    expect(cpuMillisBetween(first, new Map([[1, cpu({ 1: 102 }, [17, 4, 50, 9])]]))).toBe(60);
    expect(cpuMillisBetween(first, new Map([[1, cpu({ 1: 102 }, [10, 3, 59, 11])]]))).toBe(90);
    // A total that was about to grow shows nothing.
    expect(cpuMillisBetween(first, new Map([[1, cpu({ 1: 102 }, [11, 4, 50, 9])]]))).toBe(2);
  });
});

describe('cpuUseBetween', () => {
  const use = (used: number, waited: number, ready: readonly number[] = []) => {
    const first = new Map([[1, { ...cpu({ 1: 1_000 }), waits: byThread({ 1: 500 }) }]]);
    const second = {
      ...cpu({ 1: 1_000 + used }),
      waits: byThread({ 1: 500 + waited }),
      ready: new Set(ready),
    };
    return cpuUseBetween(first, new Map([[1, second]]), 300);
  };

  it('is the share of the time in which a thread did not wait for a core', () => {
    expect(use(30, 0)).toEqual({ usedMillis: 30, share: 0.1, isSure: true });
    expect(use(30, 200)).toEqual({ usedMillis: 30, share: 0.3, isSure: true });
    expect(use(0.3, 100)).toMatchObject({ share: expect.closeTo(0.0015, 6), isSure: true });
    // It waited since before the first reading.
    expect(use(3, 900)).toMatchObject({ share: expect.closeTo(0.1, 6) });
  });

  it('is not sure of a thread that waits at the end and has not run', () => {
    expect(use(0, 0, [1]).isSure).toBe(false);
    expect(use(100, 0, [1]).isSure).toBe(true);
    expect(use(0, 0, [2]).isSure).toBe(true);
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

  it('counts what threads used that have ended', async () => {
    const script = `const { Worker } = require('node:worker_threads');
      const burn = 'const end = Date.now() + 30; while (Date.now() < end);';
      const next = () => new Worker(burn, { eval: true }).on('exit', next);
      next();`;
    const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    ended.push(() => child.kill('SIGKILL'));
    const target = { pids: () => [child.pid as number], resources: none };
    const first = (await readCpu(target)) as CpuReading;
    // The threads that live hold hardly any of it.
    const used = async () => cpuMillisBetween(first, (await readCpu(target)) ?? new Map());
    await expect.poll(used, { timeout: 20_000 }).toBeGreaterThan(1_500);
    const second = (await readCpu(target)) as CpuReading;
    const living = (reading: CpuReading) =>
      new Map([...reading].map(([pid, each]) => [pid, { ...each, ticks: [] }]));
    expect(cpuMillisBetween(living(first), living(second))).toBeLessThan(await used());
  });

  it('falls back to what the target knows, and is undefined where nothing is known', async () => {
    const resources = async () => ({ rssBytes: 1, descriptors: 1, cpuSeconds: 1.5 });
    expect(await readCpu({ pids: undefined, resources })).toEqual(new Map([[0, cpu({ 0: 1_500 }, [])]]));
    expect(await readCpu({ pids: undefined, resources: none })).toBeUndefined();
  });
});
