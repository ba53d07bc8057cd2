// How long the broadcast route takes for an event, as far as it was seen to work: a route of 40 ms an event needs 40 s for
// a thousand, and is slow, not broken. Pure.
import { median } from '../../median.ts';

export interface RouteTimes {
  /**
   * What an event usually took, published after the one before, in milliseconds. The first call is not usual: it opens the
   * connection and wakes the hub. Of a few calls the quickest counts, as a busy machine delays any of them; 0 before two.
   */
  readonly usualMillis: number;
  /** So many calls were measured that a few more change little. */
  readonly isSettled: boolean;
  /** Milliseconds that so many events may take beyond the usual wait. */
  millisFor(events: number): number;
  /** So many events were accepted in that time; beside other requests of the same check it says nothing of the usual time. */
  took(events: number, millis: number, isAlone?: boolean): void;
}

/** A route that works may be so much slower for once. */
const SLOWER_FACTOR = 3;
/** The weight of the last call: a route's pace changes while a run lasts. */
const NEWEST_WEIGHT = 0.2;
/** Calls of which the usual time is the median: one large event, or one pause of the hub, does not make a route slow. */
const REMEMBERED_CALLS = 15;

/** After the first. */
const FEWEST_CALLS = 2;
const CALLS_FOR_A_MEDIAN = 8;

export function createRouteTimes(): RouteTimes {
  let eventMillis: number | undefined;
  let isFirst = true;
  const lastMillis: number[] = [];
  return {
    get usualMillis() {
      if (lastMillis.length < FEWEST_CALLS) return 0;
      return lastMillis.length < CALLS_FOR_A_MEDIAN ? Math.min(...lastMillis) : median(lastMillis);
    },
    get isSettled() {
      return lastMillis.length >= CALLS_FOR_A_MEDIAN;
    },
    millisFor: (events) => Math.round(events * (eventMillis ?? 0) * SLOWER_FACTOR),
    took(events, millis, isAlone = true) {
      const each = millis / Math.max(1, events);
      eventMillis = eventMillis === undefined ? each : eventMillis + (each - eventMillis) * NEWEST_WEIGHT;
      if (!isFirst && isAlone) lastMillis.push(each);
      isFirst = false;
      if (lastMillis.length > REMEMBERED_CALLS) lastMillis.shift();
    },
  };
}
