// What slow clients cost fast ones, from how long small events took before, while others were stalled, and afterwards. The
// delays of a busy machine come before and afterwards, too. Pure.
import type { Breach } from '../../finding.ts';
import { quantile, slowestStretch } from '../../median.ts';

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
/** A correct hub disconnects forty clients in a few milliseconds. */
const MOST_OVERFLOW_MILLIS = 150;
/** One that gives full clients a moment before it disconnects them may pause once, for all of them together. */
export const MOST_PAUSE_MILLIS = 500;
/** How much longer than without stalled clients: most events, and the latest. */
const MOST_USUAL_FACTOR = 2;
const MOST_FACTOR = 5;
/** A busy machine delays one or two of thirty events by far more than the others. */
const OUTLIERS = 2;
/** Kernels may take one event more or less. */
const MOST_APART = 2;

export interface Delay extends Breach {
  /** Of the event that was late when the others overflowed: how many came before it. Undefined where all are late. */
  readonly at?: number;
  /** How long most, or that event, took, and might have taken. */
  readonly tookMillis: number;
  readonly allowedMillis: number;
}

/** Undefined where the healthy clients were not delayed, or where the machine may have delayed them. */
export function findDelay({ calm, stalled, overflowing, afterwards }: NeighborDelays): Delay | undefined {
  // Most events must be slower than most others: a busy machine delays some, before and afterwards as well.
  const least = slowestStretch(stalled, STRETCH_EVENTS, 1 / 4);
  const others = Math.max(quantile(calm, 3 / 4), quantile(afterwards, 3 / 4));
  const mostUsualMillis = Math.max(MOST_USUAL_MILLIS, MOST_USUAL_FACTOR * others);
  if (least > mostUsualMillis)
    return {
      expected: `small events reach healthy clients as fast as without stalled ones (most of them in ${others.toFixed(1)} ms)`,
      got: `while others were stalled, most of ${STRETCH_EVENTS} in a row took ${least.toFixed(1)} ms or more`,
      tookMillis: least,
      allowedMillis: mostUsualMillis,
    };
  const most = allBut(OUTLIERS, [...calm, ...afterwards]);
  const longest = Math.max(0, ...overflowing);
  const mostMillis = Math.max(MOST_OVERFLOW_MILLIS, MOST_FACTOR * most);
  if (longest > mostMillis)
    return {
      expected: `the event that overflows stalled clients reaches healthy ones as fast as others (all but ${OUTLIERS} in ${most.toFixed(1)} ms)`,
      got: `it took ${longest.toFixed(1)} ms`,
      at: overflowing.indexOf(longest),
      tookMillis: longest,
      allowedMillis: mostMillis,
    };
  return undefined;
}

/** A hub delays events in the same way in each round, and the one that overflows others at the same place. */
export function isSameDelay(one: Pick<Delay, 'at'>, other: Pick<Delay, 'at'>): boolean {
  if (one.at === undefined || other.at === undefined) return one.at === other.at;
  return Math.abs(one.at - other.at) <= MOST_APART;
}

/** What all but so many are below. */
const allBut = (count: number, values: readonly number[]): number =>
  [...values].sort((a, b) => b - a)[count] ?? 0;
