// CPU time of a hub and of all that it started, fine enough to see what an idle process uses in a fraction of a second: of
// living threads in nanoseconds. The time of threads and children that have ended is only in the totals of the process,
// which are whole ticks of 10 ms.
import { readdir, readFile } from 'node:fs/promises';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { Target } from '../target.ts';
import { cpuTicks, TICKS_PER_SECOND } from './stat-fields.ts';

const TICK_MILLIS = 1_000 / TICKS_PER_SECOND;

export interface ProcessCpu {
  /** Milliseconds that each living thread has used since it began, by thread id. */
  readonly threads: ReadonlyMap<number, number>;
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
  return resources && new Map([[0, { threads: new Map([[0, resources.cpuSeconds * 1_000]]), ticks: [] }]]);
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

/** What it uses during the next milliseconds, as a share of one processor; undefined where that cannot be read. */
export async function measureCpuShare(
  target: Pick<Target, 'pids' | 'resources'>,
  clock: Clock,
  spanMillis: number,
): Promise<number | undefined> {
  const first = await readCpu(target);
  const startMicros = clock.nowMicros();
  await pause(clock, spanMillis);
  const micros = clock.nowMicros() - startMicros;
  const second = await readCpu(target);
  return first && second && (1_000 * cpuMillisBetween(first, second)) / micros;
}

async function readProcess(pid: number): Promise<ProcessCpu | undefined> {
  const folder = `/proc/${pid}/task`;
  const names = await readdir(folder).catch(() => []);
  const read = await Promise.all(
    names.map(async (name) => [Number(name), await readThread(`${folder}/${name}`)] as const),
  );
  const threads = new Map(read.filter(([, millis]) => Number.isFinite(millis)));
  const stat = await readText(`/proc/${pid}/stat`);
  const ticks = cpuTicks(stat);
  if (threads.size > 0) return { threads, ticks };
  // A kernel without schedstat.
  const [user, system] = ticks;
  if (user === undefined || system === undefined) return undefined;
  return { threads: new Map([[pid, (user + system) * TICK_MILLIS]]), ticks };
}

const readThread = async (folder: string): Promise<number> =>
  Number.parseInt(await readText(`${folder}/schedstat`), 10) / 1e6;

const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
