// Whether a lack of CPU time explains that something was late: of the runner, or of the hub. The rules of checks and of the exploration. Pure.
import { type CoreWaits, type Stretch, stretchOf, type Wait } from './core-waits.ts';

/** A runner that stood still for longer than this does not judge times... */
const STARVED_MILLIS = 400;
/** ...that its lateness could explain. The hub lacks CPU time on the same machine, perhaps more than the runner. */
const STARVED_SHARE = 4;
/** Short waits are how a check looks at the hub: what it makes of them is a time of its own. */
const LEAST_WAIT_MILLIS = 1_000;
/** Less of the time than this without a core is what happens on every machine; and no more than it is measured exactly. */
const LEAST_SHARE = 0.05;
/** What comes within a wait takes a correct hub far less than this share of it. */
export const MOST_OF_WAIT = 1 / 2;

/** How late the event loop of the runner was. */
export interface RunnerLateness {
  readonly worstMillis: number;
  readonly totalMillis: number;
}

/** What took longer than allowed, or was waited for so long, between two readings of the clock; once or many times. */
export interface LateWork extends Wait {
  readonly tookMillis: number;
  readonly allowedMillis: number;
}

/** `lateMillis`: by how much something was too late; 0 where that is not known. */
export function explainsByRunner({ worstMillis, totalMillis }: RunnerLateness, lateMillis: number): boolean {
  return worstMillis > STARVED_MILLIS && lateMillis <= STARVED_SHARE * totalMillis;
}

/**
 * What the hub and the runner waited for a core meanwhile, where that explains it: without the wait it would have been in
 * time. Undefined where it would have been late all the same, and where it was not late: then the verdict rests on something else.
 */
export function explainByCores(spans: readonly CoreWaits[], late: LateWork): Stretch | undefined {
  if (late.tookMillis <= late.allowedMillis) return undefined;
  const stretch = stretchOf(spans, late);
  const waitedShare = (stretch.hubMillis + stretch.runnerMillis) / Math.max(1, stretch.millis);
  const ownMillis = late.tookMillis * Math.max(0, 1 - waitedShare);
  return waitedShare >= LEAST_SHARE && ownMillis <= late.allowedMillis ? stretch : undefined;
}

/** The same for a wait that was in vain: how late it would have come is not known. */
export function explainWait(spans: readonly CoreWaits[], wait: Wait): Stretch | undefined {
  const tookMillis = (wait.endMicros - wait.startMicros) / 1e3;
  if (tookMillis < LEAST_WAIT_MILLIS) return undefined;
  return explainByCores(spans, { ...wait, tookMillis, allowedMillis: tookMillis * MOST_OF_WAIT });
}

/** The first of the waits that is explained; `otherwise` counts where there is none of a second and more. */
export function explainWaits(
  spans: readonly CoreWaits[],
  waits: readonly Wait[],
  otherwise?: Wait,
): Stretch | undefined {
  const long = waits.filter((wait) => wait.endMicros - wait.startMicros >= LEAST_WAIT_MILLIS * 1e3);
  const judged = long.length === 0 && otherwise !== undefined ? [otherwise] : long;
  for (const wait of judged) {
    const stretch = explainWait(spans, wait);
    if (stretch !== undefined) return stretch;
  }
  return undefined;
}
