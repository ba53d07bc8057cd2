// What the cores of this machine did since boot, from the lines of /proc/stat. Pure.
import { TICKS_PER_SECOND } from './stat-fields.ts';

export interface CoreTimes {
  /** For programs and for the kernel. */
  readonly busySeconds: number;
  readonly idleSeconds: number;
  /** For other virtual machines. */
  readonly stolenSeconds: number;
}

/** Of all cores together; undefined where the text is something else. */
export function parseAllCores(text: string): CoreTimes | undefined {
  const columns = /^cpu +(.+)$/m.exec(text)?.[1];
  return columns === undefined ? undefined : parseTimes(columns);
}

/** By the number of the core. */
export function parseEachCore(text: string): ReadonlyMap<number, CoreTimes> {
  const cores = new Map<number, CoreTimes>();
  for (const [, number, columns] of text.matchAll(/^cpu(\d+) (.+)$/gm)) {
    const times = parseTimes(columns ?? '');
    if (times !== undefined) cores.set(Number(number), times);
  }
  return cores;
}

/** `0-3,8` as numbers. */
export function parseCoreList(text: string): readonly number[] {
  return text.split(',').flatMap((range) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (!(first <= last)) return [];
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}

// Columns: user, nice, system, idle, waiting for a disk, interrupts, soft interrupts, stolen; guests count as user.
function parseTimes(columns: string): CoreTimes | undefined {
  const ticks = columns.trim().split(/ +/).map(Number);
  const [user = Number.NaN, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] =
    ticks;
  const busy = user + nice + system + irq + softirq;
  if (!Number.isFinite(busy + idle + iowait + steal)) return undefined;
  return {
    busySeconds: busy / TICKS_PER_SECOND,
    idleSeconds: (idle + iowait) / TICKS_PER_SECOND,
    stolenSeconds: steal / TICKS_PER_SECOND,
  };
}
