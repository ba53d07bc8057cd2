// How long the broadcast route takes for an event, as far as it was seen to work: a route of 40 ms an event needs 40 s for
// a thousand, and is slow, not broken. Pure.

export interface RouteTimes {
  /** Milliseconds that so many events may take beyond the usual wait. */
  millisFor(events: number): number;
  /** So many events were accepted in that time. */
  took(events: number, millis: number): void;
}

/** A route that works may be so much slower for once. */
const SLOWER_FACTOR = 3;
/** The weight of the last call: a route's pace changes while a run lasts. */
const NEWEST_WEIGHT = 0.2;

export function createRouteTimes(): RouteTimes {
  let eventMillis: number | undefined;
  return {
    millisFor: (events) => Math.round(events * (eventMillis ?? 0) * SLOWER_FACTOR),
    took(events, millis) {
      const each = millis / Math.max(1, events);
      eventMillis = eventMillis === undefined ? each : eventMillis + (each - eventMillis) * NEWEST_WEIGHT;
    },
  };
}
