// Why the verdict of a check is discarded: it rests on a time, and the runner, or the hub because of other programs, lacked
// the CPU time that it takes to be in time.
import type { Basis, Late } from '../../finding.ts';
import type { Stretch, Wait } from './core-waits.ts';
import { explainByCores, explainsByRunner, explainWaits } from './starved.ts';
import type { CpuWatch } from './watch/watch-cpu.ts';

/** One run of a check, by the clock. */
export interface CheckedTime extends Wait {
  /** Waits for the hub whose time was over before it did what it was waited for. */
  readonly inVain: readonly Wait[];
}

/** Why a failure is discarded; undefined when it stands. */
export function findDoubt(cpu: CpuWatch, basis: Basis, checked: CheckedTime): string | undefined {
  if (basis === 'facts') return undefined;
  if (basis !== 'missing') return doubtLate(cpu, basis, checked);
  if (checked.inVain.length === 0) return undefined;
  const starved = explainWaits(cpu.cores.waitsSince(checked.startMicros), checked.inVain);
  return starved && describe(starved);
}

function doubtLate({ runner, cores }: CpuWatch, late: Late, checked: Wait): string | undefined {
  const { startMicros } = checked;
  const worstMillis = runner.worstMillisSince(startMicros);
  const totalMillis = runner.totalMillisSince(startMicros);
  if (explainsByRunner({ worstMillis, totalMillis }, late.tookMillis - late.allowedMillis))
    return `the runner lacked CPU time for ${Math.round(worstMillis)} ms, so times cannot be judged`;
  const onClock = (millis: number): number => startMicros + millis * 1e3;
  const starved = explainByCores(cores.waitsSince(startMicros), {
    ...late,
    startMicros: onClock(late.fromMillis ?? 0),
    endMicros: late.toMillis === undefined ? checked.endMicros : onClock(late.toMillis),
  });
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
