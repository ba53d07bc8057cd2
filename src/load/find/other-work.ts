// The share of CPU that other programs used: a capacity found beside them is that of the rest of the machine, and is
// reported as such.
import { readFileSync } from 'node:fs';
import { parseAllCores } from '../../target/process-tree/core-times.ts';

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
  const busySeconds = parseAllCores(text)?.busySeconds;
  const cores = text.match(/^cpu\d+ /gm)?.length ?? 0;
  return busySeconds !== undefined && cores > 0 ? { busySeconds, cores } : undefined;
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
