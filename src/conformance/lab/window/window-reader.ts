// What one client that reads has not seen yet of the events that were sent while it was connected. Pure.
import type { EventKey } from './event-keys.ts';

/** One request to the hub: its places in the order in which all were sent and answered; Infinity before that. */
export interface SentRequest {
  sentAt: number;
  acceptedAt: number;
}

interface Unseen {
  readonly key: EventKey;
  readonly request: SentRequest;
  readonly sentMicros: number;
}

export interface UnseenEvents {
  readonly count: number;
  /** When the client last had reason to be waited for: it saw an event, or the oldest that it has not seen was sent. */
  readonly progressMicros: number;
  sent(keys: readonly EventKey[], request: SentRequest, nowMicros: number): void;
  saw(key: EventKey, nowMicros: number): void;
  /** The events of this request are not coming. */
  forget(request: SentRequest): void;
  forgetAll(): void;
}

export function createUnseenEvents(): UnseenEvents {
  let unseen: readonly Unseen[] = [];
  let sawMicros = Number.NEGATIVE_INFINITY;
  return {
    get count() {
      return unseen.length;
    },
    get progressMicros() {
      return Math.max(sawMicros, unseen[0]?.sentMicros ?? Number.NEGATIVE_INFINITY);
    },
    sent(keys, request, nowMicros) {
      unseen = [...unseen, ...keys.map((key) => ({ key, request, sentMicros: nowMicros }))];
    },
    saw(key, nowMicros) {
      sawMicros = nowMicros;
      const at = unseen.findIndex((each) => each.key === key);
      const seen = unseen[at];
      if (seen === undefined) return;
      // What the hub took before is not coming any more: the client joined after it, or it is lost, which others judge.
      const isBefore = (each: Unseen, index: number): boolean =>
        each.request === seen.request ? index <= at : each.request.acceptedAt < seen.request.sentAt;
      unseen = unseen.filter((each, index) => !isBefore(each, index));
    },
    forget(request) {
      unseen = unseen.filter((each) => each.request !== request);
    },
    forgetAll() {
      unseen = [];
    },
  };
}
