// The share of CPU that other programs used: a capacity found beside them is that of the rest of the machine, and is
// reported as such.
import { readFileSync } from 'node:fs';

/** Linux counts CPU time in these, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

export interface MachineWork {
  /** CPU time of all programs since boot. */
  readonly busySeconds: number;
  readonly cores: number;
}

/** Undefined where the system does not show it. */
export function readMachineWork(): MachineWork | undefined {
  try {
    return parseMachineWork(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return undefined;
  }
}

export function parseMachineWork(text: string): MachineWork | undefined {
  const [user, nice, system, , , irq, softirq] = (/^cpu +(.+)$/m.exec(text)?.[1] ?? '')
    .split(' ')
    .map(Number);
  const ticks = [user, nice, system, irq, softirq].reduce<number>((sum, one) => sum + (one ?? Number.NaN), 0);
  const cores = text.match(/^cpu\d+ /gm)?.length ?? 0;
  return Number.isFinite(ticks) && cores > 0 ? { busySeconds: ticks / TICKS_PER_SECOND, cores } : undefined;
}

/**
 * The share of all cores (0 to 1) that neither the load generator nor the hub used. What the generator does before it
 * measures is not in `ownSeconds`, so some hundredths are its own.
 */
export function shareOfOthers(
  before: MachineWork,
  after: MachineWork,
  elapsedSeconds: number,
  ownSeconds: number,
): number {
  const others = after.busySeconds - before.busySeconds - ownSeconds;
  return Math.min(1, Math.max(0, others / Math.max(1e-3, after.cores * elapsedSeconds)));
}
