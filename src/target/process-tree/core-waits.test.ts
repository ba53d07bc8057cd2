// What Linux tells of cores and threads: on lines of text, and of this very process.
import { describe, expect, it } from 'vitest';
import { parseAllCores, parseCoreList, parseEachCore } from './core-times.ts';
import {
  coresOf,
  createTreeReader,
  isReady,
  parseCpuSeconds,
  readCores,
  readMainThread,
  withDescendants,
} from './core-waits.ts';

const NOBODY = 999_999_999;

describe('/proc/stat', () => {
  const text =
    'cpu  300 20 30 500 60 7 8 9 50 0\ncpu0 100 20 30 400 50 7 8 9 50 0\ncpu10 200 0 0 100 10 0 0 0 0 0\nintr 5\n';

  it('is what each core did', () => {
    expect([...parseEachCore(text)]).toEqual([
      [0, { busySeconds: 1.65, idleSeconds: 4.5, stolenSeconds: 0.09 }],
      [10, { busySeconds: 2, idleSeconds: 1.1, stolenSeconds: 0 }],
    ]);
    expect(parseAllCores(text)).toEqual({ busySeconds: 3.65, idleSeconds: 5.6, stolenSeconds: 0.09 });
    expect(parseAllCores('nothing')).toBeUndefined();
    expect(parseEachCore('nothing').size).toBe(0);
  });
});

describe('parseCoreList', () => {
  it('reads numbers and ranges', () => {
    expect(parseCoreList('0-2,8')).toEqual([0, 1, 2, 8]);
    expect(parseCoreList('3')).toEqual([3]);
    expect(parseCoreList('')).toEqual([]);
    expect(parseCoreList('a-b')).toEqual([]);
  });
});

describe('parseCpuSeconds', () => {
  it('tells the time of a process from that of children which have ended', () => {
    const stat = '7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 150 50 3000 1000 20 0 1 0 5 0';
    expect(parseCpuSeconds(stat)).toEqual({ own: 2, ofEndedChildren: 40 });
    expect(parseCpuSeconds('')).toEqual({ own: 0, ofEndedChildren: 0 });
  });
});

describe.skipIf(process.platform !== 'linux')('threads', () => {
  it('are those of a process, with its CPU time', () => {
    const own = readMainThread(process.pid);
    const reading = createTreeReader()([process.pid, NOBODY]);
    expect([...(reading?.threads.keys() ?? [])]).toContain(process.pid);
    // Processes that other tests have started count in it.
    expect(reading?.cpuSeconds).toBeGreaterThanOrEqual(own?.cpuSeconds ?? Number.NaN);
    expect(createTreeReader()([NOBODY])).toBeUndefined();
  });

  it('are one where only the first is read, with the time of the process without its children', () => {
    const reading = readMainThread(process.pid);
    const { user, system } = process.cpuUsage();
    expect([...(reading?.threads.keys() ?? [])]).toEqual([process.pid]);
    expect(reading?.cpuSeconds).toBeGreaterThan(0);
    // The kernel gives both in ticks, and shares out what it has counted more exactly.
    expect(reading?.cpuSeconds).toBeLessThanOrEqual(1.1 * ((user + system) / 1e6) + 0.1);
    expect(readMainThread(NOBODY)).toBeUndefined();
  });

  it('have a mark that changes when they run', () => {
    const mark = () => createTreeReader()([process.pid])?.threads.get(process.pid)?.mark;
    const before = mark();
    const untilMillis = performance.now() + 50;
    while (performance.now() < untilMillis);
    expect(mark()).not.toBe(before);
  });

  it('run or are ready, on cores of this machine', () => {
    expect(isReady(process.pid)).toBe(true);
    expect(isReady(NOBODY)).toBe(false);
    const cores = readCores();
    for (const core of coresOf(process.pid)) expect(cores.has(core)).toBe(true);
    expect(coresOf(NOBODY)).toEqual([]);
  });

  it('belong to processes with descendants', () => {
    expect(withDescendants([process.ppid])).toContain(process.pid);
    expect(withDescendants([NOBODY])).toEqual([NOBODY]);
  });
});
