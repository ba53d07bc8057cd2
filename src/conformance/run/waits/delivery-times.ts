// How long events take from the hub's answer to its clients, as far as it was seen: a correct hub whose writers rest 20 ms after
// each event delivers 50 a second to all checks together, however fast its broadcast route answers. Pure.
import { median } from '../../median.ts';

export interface DeliveryTimes {
  /** Between two events that are on their way to the same client; 0 before it was measured. */
  readonly betweenMillis: number;
  /** Until an event reaches a client to which no other is on its way; 0 before it was measured. */
  readonly aloneMillis: number;
  /** Slower than any ordinary hub on a busy machine. */
  readonly isSlow: boolean;
  /** Every event is late, however many are on their way: several at once take hardly longer than one. */
  readonly isLate: boolean;
  /** So much was measured that a few events more change little. */
  readonly isSettled: boolean;
  /** What an event takes where so many are on their way at the same time; 0 where deliveries are not slow. */
  eventMillis(underWay: number): number;
  /** Events of this request came one after the other, so much apart; of several clients the slowest counts. */
  followed(request: number, millis: number): void;
  /** An event of this request came to a client that waited for nothing else. */
  cameAlone(request: number, millis: number): void;
}

/** A correct hub takes a fraction of a millisecond; with this, a run of some 10,000 events is 50 s longer. */
const SLOW_BETWEEN_MILLIS = 5;
/** A correct hub takes a millisecond or two, on a very busy machine thirty. */
const SLOW_ALONE_MILLIS = 50;
/** From here on events are published several at once rather than one by one: it saves far more than it blurs. */
const LATE_MILLIS = 100;
const LATE_FACTOR = 4;
/** Requests of which the usual time is the median: one pause of the hub, or of the machine, does not make deliveries slow. */
const REMEMBERED = 15;
const FEWEST_FOR_A_MEDIAN = 3;

export function createDeliveryTimes(): DeliveryTimes {
  const [between, alone] = [createRecent(), createRecent()];
  const isSlow = (): boolean =>
    between.usualMillis >= SLOW_BETWEEN_MILLIS || alone.usualMillis >= SLOW_ALONE_MILLIS;
  return {
    get betweenMillis() {
      return between.usualMillis;
    },
    get aloneMillis() {
      return alone.usualMillis;
    },
    get isSlow() {
      return isSlow();
    },
    get isLate() {
      const { usualMillis } = alone;
      return usualMillis >= LATE_MILLIS && usualMillis >= LATE_FACTOR * between.usualMillis;
    },
    get isSettled() {
      return between.count >= FEWEST_FOR_A_MEDIAN;
    },
    eventMillis(underWay) {
      if (!isSlow()) return 0;
      const [eachMillis, firstMillis] = [between.usualMillis, alone.usualMillis];
      return eachMillis + Math.max(0, firstMillis - eachMillis) / underWay;
    },
    followed: between.add,
    cameAlone: alone.add,
  };
}

/** The last measurements, one for each request. */
function createRecent() {
  const measured = new Map<number, number>();
  return {
    get count() {
      return measured.size;
    },
    /** Of a few the quickest, as a busy machine delays any of them. */
    get usualMillis() {
      if (measured.size === 0) return 0;
      const all = [...measured.values()];
      return all.length < FEWEST_FOR_A_MEDIAN ? Math.min(...all) : median(all);
    },
    add(request: number, millis: number): void {
      measured.set(request, Math.max(millis, measured.get(request) ?? 0));
      const [oldest] = measured.keys();
      if (measured.size > REMEMBERED && oldest !== undefined) measured.delete(oldest);
    },
  };
}
