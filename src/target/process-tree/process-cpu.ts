// CPU time of a hub and of all that it started, fine enough to see what an idle process uses in a fraction of a second. Apart
// from the other facts under /proc, whose times are whole ticks of 10 ms.
import { readdir, readFile } from 'node:fs/promises';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { readProcessResources } from '../process-facts.ts';
import type { Target } from '../target.ts';

/** Milliseconds since each process began, by process id. */
export type CpuReading = ReadonlyMap<number, number>;

/** Undefined where nothing can be read. */
export async function readCpu(target: Pick<Target, 'pids' | 'resources'>): Promise<CpuReading | undefined> {
  const pids = [...new Set(target.pids?.() ?? [])];
  const times = await Promise.all(pids.map(async (pid) => [pid, await readCpuMillis(pid)] as const));
  const read = times.flatMap(([pid, millis]) => (millis === undefined ? [] : [[pid, millis] as const]));
  if (read.length > 0) return new Map(read);
  const resources = await target.resources();
  return resources && new Map([[0, resources.cpuSeconds * 1_000]]);
}

/** Used between two readings by what lives at the second; what has ended since the first is not counted. */
export function cpuMillisBetween(first: CpuReading, second: CpuReading): number {
  let millis = 0;
  // Threads that have ended take their time along: a sum may fall.
  for (const [pid, until] of second) millis += Math.max(0, until - (first.get(pid) ?? 0));
  return millis;
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

async function readCpuMillis(pid: number): Promise<number | undefined> {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    threads.map((thread) => readFile(`${folder}/${thread}/schedstat`, 'utf8').catch(() => '')),
  );
  const read = texts.map((text) => Number.parseInt(text, 10)).filter(Number.isFinite);
  if (read.length > 0) return read.reduce((sum, nanos) => sum + nanos, 0) / 1e6;
  // A kernel without schedstat.
  const resources = await readProcessResources(pid);
  return resources && resources.cpuSeconds * 1_000;
}
