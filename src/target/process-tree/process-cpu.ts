// CPU time of a hub and of all that it started, fine enough to see what an idle process uses in a fraction of a second: of
// living threads in nanoseconds. The time of threads and children that have ended is only in the totals of the process,
// which are whole ticks of 10 ms. A thread that waits for a core does not use it: that is no sign of a quiet process.
import { readdir, readFile } from 'node:fs/promises';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { Target } from '../target.ts';
import { cpuTicks, fieldsAfterName, TICKS_PER_SECOND } from './stat-fields.ts';

const TICK_MILLIS = 1_000 / TICKS_PER_SECOND;

export interface ProcessCpu {
  /** Milliseconds that each living thread has used since it began, by thread id. */
  readonly threads: ReadonlyMap<number, number>;
  /** Milliseconds that each has waited for a core, as of the last time that it got one. */
  readonly waits: ReadonlyMap<number, number>;
  /** Threads that run or wait for a core at this moment. */
  readonly ready: ReadonlySet<number>;
  /** User and system time of the process, and of its children that have ended; in ticks, rounded down. */
  readonly ticks: readonly number[];
}

/** By process id. */
export type CpuReading = ReadonlyMap<number, ProcessCpu>;

/** Undefined where nothing can be read. */
export async function readCpu(target: Pick<Target, 'pids' | 'resources'>): Promise<CpuReading | undefined> {
  const pids = [...new Set(target.pids?.() ?? [])];
  const times = await Promise.all(pids.map(async (pid) => [pid, await readProcess(pid)] as const));
  const read = times.flatMap(([pid, cpu]) => (cpu === undefined ? [] : [[pid, cpu] as const]));
  if (read.length > 0) return new Map(read);
  const resources = await target.resources();
  const threads = new Map([[0, (resources?.cpuSeconds ?? 0) * 1_000]]);
  return resources && new Map([[0, { threads, waits: new Map(), ready: new Set(), ticks: [] }]]);
}

/** Used between two readings by the processes that live at the second, with their threads and children that have ended. */
export function cpuMillisBetween(first: CpuReading, second: CpuReading): number {
  let millis = 0;
  for (const [pid, cpu] of second)
    millis += Math.max(livingMillis(first.get(pid), cpu), ticksMillis(first.get(pid), cpu));
  return millis;
}

function livingMillis(first: ProcessCpu | undefined, second: ProcessCpu): number {
  let millis = 0;
  // An id may be used again by another thread, which has used less.
  for (const [tid, until] of second.threads) millis += Math.max(0, until - (first?.threads.get(tid) ?? 0));
  return millis;
}

/** The least that it can have been: each of the totals may have been about to grow. */
function ticksMillis(first: ProcessCpu | undefined, second: ProcessCpu): number {
  const grown = second.ticks.map((until, index) => until - (first?.ticks[index] ?? 0));
  return grown.reduce((sum, ticks) => sum + Math.max(0, ticks - 1), 0) * TICK_MILLIS;
}

/** What a process used in some time. */
export interface CpuUse {
  readonly usedMillis: number;
  /** Of one processor; of each thread, of the time in which it did not wait for a core. */
  readonly share: number;
  /** False: a thread that did next to nothing may have waited for a core all the time. */
  readonly isSure: boolean;
}

/** Of what is left of a span beside the waits of a thread, a share of less than this says nothing. */
const LEAST_LEFT = 0.1;
/** A thread that has used so much of the time has shown what it does. */
const SHOWN_SHARE = 0.01;

export function cpuUseBetween(first: CpuReading, second: CpuReading, spanMillis: number): CpuUse {
  let [share, isSure] = [0, true];
  for (const [pid, { threads, waits, ready }] of second) {
    const before = first.get(pid);
    for (const [tid, until] of threads) {
      const usedMillis = Math.max(0, until - (before?.threads.get(tid) ?? 0));
      const waitedMillis = Math.max(0, (waits.get(tid) ?? 0) - (before?.waits.get(tid) ?? 0));
      share += usedMillis / Math.max(spanMillis - waitedMillis, spanMillis * LEAST_LEFT);
      isSure &&= !ready.has(tid) || usedMillis >= spanMillis * SHOWN_SHARE;
    }
  }
  const usedMillis = cpuMillisBetween(first, second);
  return { usedMillis, share: Math.max(share, usedMillis / spanMillis), isSure };
}

/** What it uses during the next milliseconds; undefined where that cannot be read. */
export async function measureCpuUse(
  target: Pick<Target, 'pids' | 'resources'>,
  clock: Clock,
  spanMillis: number,
): Promise<CpuUse | undefined> {
  const first = await readCpu(target);
  const startMicros = clock.nowMicros();
  await pause(clock, spanMillis);
  const millis = (clock.nowMicros() - startMicros) / 1_000;
  const second = await readCpu(target);
  return first && second && cpuUseBetween(first, second, millis);
}

async function readProcess(pid: number): Promise<ProcessCpu | undefined> {
  const folder = `/proc/${pid}/task`;
  const names = await readdir(folder).catch(() => []);
  const read = await Promise.all(
    names.map(async (name) => ({ tid: Number(name), ...(await readThread(`${folder}/${name}`)) })),
  );
  const known = read.filter(({ usedMillis }) => Number.isFinite(usedMillis));
  const threads = new Map(known.map(({ tid, usedMillis }) => [tid, usedMillis]));
  const waits = new Map(known.map(({ tid, waitedMillis }) => [tid, waitedMillis]));
  const ready = new Set(known.filter(({ isReady }) => isReady).map(({ tid }) => tid));
  const stat = await readText(`/proc/${pid}/stat`);
  const ticks = cpuTicks(stat);
  if (threads.size > 0) return { threads, waits, ready, ticks };
  // A kernel without schedstat.
  const [user, system] = ticks;
  if (user === undefined || system === undefined) return undefined;
  return { threads: new Map([[pid, (user + system) * TICK_MILLIS]]), waits, ready, ticks };
}

async function readThread(folder: string) {
  const [schedstat, stat] = await Promise.all([readText(`${folder}/schedstat`), readText(`${folder}/stat`)]);
  const [usedMillis = Number.NaN, waitedMillis = 0] = schedstat
    .split(' ')
    .map((nanos) => Number.parseInt(nanos, 10) / 1e6);
  return { usedMillis, waitedMillis, isReady: fieldsAfterName(stat)[0] === 'R' };
}

const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
