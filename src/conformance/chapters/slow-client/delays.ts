// What slow clients cost fast ones, from how long small events took before, while others were stalled, and afterwards. The
// delays of a busy machine come before and afterwards, too. Pure.
import type { Breach } from '../../finding.ts';
import { median, slowestStretch } from '../../median.ts';

/** How long small events took to the healthy clients, one by one, in milliseconds. */
export interface NeighborDelays {
  readonly calm: readonly number[];
  /** While others are stalled, and none of them is full. */
  readonly stalled: readonly number[];
  /** Until all of them have overflowed. */
  readonly overflowing: readonly number[];
  readonly afterwards: readonly number[];
}

/** So many in a row show what is usual; with fewer, chance decides. */
export const STRETCH_EVENTS = 14;
/** A correct hub takes a millisecond or two. */
const MOST_USUAL_MILLIS = 25;
/** A correct hub disconnects twenty clients in a few milliseconds. */
const MOST_OVERFLOW_MILLIS = 150;
/** How much longer than without stalled clients. */
const MOST_FACTOR = 5;

/** Undefined where the healthy clients were not delayed, or where the machine may have delayed them. */
export function findDelay({ calm, stalled, overflowing, afterwards }: NeighborDelays): Breach | undefined {
  const [before, after] = [median(calm), median(afterwards)];
  const usual = slowestStretch(stalled, STRETCH_EVENTS);
  if (usual > Math.max(MOST_USUAL_MILLIS, MOST_FACTOR * before, MOST_FACTOR * after))
    return {
      expected: `small events reach healthy clients as fast as without stalled ones (half of them in ${before.toFixed(1)} ms before, and ${after.toFixed(1)} ms afterwards)`,
      got: `while others were stalled, half of ${STRETCH_EVENTS} in a row took ${usual.toFixed(1)} ms or more`,
    };
  const most = Math.max(...calm, ...afterwards);
  const longest = Math.max(0, ...overflowing);
  if (longest > Math.max(MOST_OVERFLOW_MILLIS, MOST_FACTOR * most))
    return {
      expected: `the event that overflows stalled clients reaches healthy ones as fast as any other (${most.toFixed(1)} ms at most)`,
      got: `it took ${longest.toFixed(1)} ms`,
    };
  return undefined;
}
