// How many events the next request may hold: one where the hub takes them one by one, so that each has the whole deadline;
// else twice as many after every request that was quick, and half as many after one that came close to the deadline.

const FIRST_EVENTS = 32;
const MAX_EVENTS = 512;
const QUICK_MICROS = 2_000_000;
const SLOW_MICROS = 5_000_000;

export interface RequestSize {
  /** `takesBatches`: the hub takes many events in one request. */
  events(takesBatches: boolean): number;
  answered(events: number, latencyMicros: number): void;
  /** The hub refused a request for what it holds: smaller ones lose fewer good events. */
  refused(events: number): void;
}

export function createRequestSize(): RequestSize {
  let most = MAX_EVENTS;
  let limit = FIRST_EVENTS;
  return {
    events: (takesBatches) => (takesBatches ? Math.min(limit, most) : 1),
    answered(events, latencyMicros) {
      if (latencyMicros > SLOW_MICROS) limit = Math.max(1, Math.floor(events / 2));
      else if (latencyMicros < QUICK_MICROS && events >= limit) limit = Math.min(MAX_EVENTS, limit * 2);
    },
    refused(events) {
      most = Math.max(1, Math.floor(events / 2));
    },
  };
}
