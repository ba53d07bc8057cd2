// What one client that reads has not seen yet of the events that were sent while it was connected, and how long those took
// that it has seen. Pure.
import type { DeliveryTimes } from '../../run/waits/delivery-times.ts';
import type { EventKey } from './event-keys.ts';

/** One request to the hub: its places in the order in which all were sent and answered; Infinity before that. */
export interface SentRequest {
  sentAt: number;
  acceptedAt: number;
  acceptedMicros: number;
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

/** So many events in a row make one measurement: a writer may rest after some of them only. */
export const MEASURED_IN_A_ROW = 16;
/** Fewer that took so long make one, too. */
const LONG_ROW_MICROS = 1_000_000;

export function createUnseenEvents(times?: Pick<DeliveryTimes, 'followed' | 'cameAlone'>): UnseenEvents {
  let unseen: readonly Unseen[] = [];
  let sawMicros = Number.NEGATIVE_INFINITY;
  let before: SentRequest | undefined;
  let [inARow, rowMicros] = [0, 0];

  function measure(request: SentRequest, beforeMicros: number, nowMicros: number): void {
    const { sentAt, acceptedMicros } = request;
    const micros = Math.max(0, nowMicros - Math.max(acceptedMicros, beforeMicros));
    if (before !== request) {
      before = request;
      // Behind an event of another request it may have been sent long before that came, or just before.
      if (beforeMicros < acceptedMicros) times?.cameAlone(sentAt, micros / 1_000);
      return;
    }
    rowMicros += micros;
    if (++inARow < MEASURED_IN_A_ROW && rowMicros < LONG_ROW_MICROS) return;
    times?.followed(sentAt, rowMicros / inARow / 1_000);
    [inARow, rowMicros] = [0, 0];
  }

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
      const beforeMicros = sawMicros;
      sawMicros = nowMicros;
      const at = unseen.findIndex((each) => each.key === key);
      const seen = unseen[at];
      if (seen === undefined) return;
      measure(seen.request, beforeMicros, nowMicros);
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
