// Why the verdict of a check is discarded: it rests on a time, and the runner, or the hub because of other programs, lacked
// the CPU time that it takes to be in time.
import type { Stretch, Wait } from './core-waits.ts';
import { explainByCores, explainsByRunner, explainWaits, type LateWork } from './starved.ts';
import type { CpuWatch } from './watch/watch-cpu.ts';

/** How the verdict of a check rests on time. */
export interface Lateness {
  /** When the check began, by the clock. */
  readonly startMicros: number;
  /** Its verdicts are about times. */
  readonly isTimed: boolean;
  /** What was late, where the finding names it. */
  readonly late?: LateWork | undefined;
  /** Waits for the hub whose time was over: whatever the verdict is about, what had not come by then counts as missing. */
  readonly inVain: readonly Wait[];
}

/** Why a failure is discarded; undefined when it stands. */
export function findDoubt({ runner, cores }: CpuWatch, lateness: Lateness): string | undefined {
  const { startMicros, late, inVain } = lateness;
  const isTimed = lateness.isTimed || late !== undefined;
  if (!isTimed && inVain.length === 0) return undefined;
  const worstMillis = runner.worstMillisSince(startMicros);
  const totalMillis = runner.totalMillisSince(startMicros);
  const lateMillis = late === undefined ? 0 : late.tookMillis - late.allowedMillis;
  if (isTimed && explainsByRunner({ worstMillis, totalMillis }, lateMillis))
    return `the runner lacked CPU time for ${Math.round(worstMillis)} ms, so times cannot be judged`;
  const spans = cores.waitsSince(startMicros);
  const starved = late === undefined ? explainWaits(spans, inVain) : explainByCores(spans, late);
  return starved && describe(starved);
}

/** Whether other programs kept the hub from what these waits were for. */
export function wasHubStarved({ cores }: CpuWatch, inVain: readonly Wait[]): boolean {
  const startMicros = Math.min(...inVain.map((wait) => wait.startMicros));
  return explainWaits(cores.waitsSince(startMicros), inVain) !== undefined;
}

function describe({ hubMillis, runnerMillis, millis }: Stretch): string {
  const waited = [
    ['the hub', hubMillis],
    ['the runner', runnerMillis],
  ] as const;
  const parts = waited.flatMap(([who, each]) => (each < 1 ? [] : [`${who} waited ${Math.round(each)}`]));
  return `${parts.join(' and ')} of ${Math.round(millis)} ms for a CPU core because other programs had them, so times cannot be judged`;
}
