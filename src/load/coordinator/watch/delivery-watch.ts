// The longest time in which no client that reads at once received anything, although an event was on its way to one of them.
// It counts once they go on: what never comes is judged as lost. While a worker does not report, nobody knows, and nothing
// counts.
import type { Clock } from '../../../time/clock.ts';

export interface ClientView {
  readonly deliveries: number;
  readonly open: number;
  /** The next event of the client that is furthest behind; below 0 while one has not seen its first. */
  readonly lowestNextSequence: number;
  readonly acceptedEvents: number;
}

/** Microseconds of the machine's clock. */
export interface ObservedStandstill {
  /** The last event that all of them had. */
  readonly lastEvent: number;
  readonly fromMicros: number;
  readonly untilMicros: number;
}

export interface DeliveryWatch {
  longest(): ObservedStandstill | undefined;
  close(): void;
}

const LOOK_MILLIS = 50;
/** Nobody knows what was between looks that are further apart. */
const MAX_GAP_MICROS = 1_000_000;

interface Stop extends ObservedStandstill {
  readonly open: number;
}

/** `isExcused`: a fault explains it. */
export function createDeliveryWatch(
  clock: Clock,
  read: () => ClientView,
  isCurrent: () => boolean,
  isExcused: (fromMicros: number, untilMicros: number) => boolean = () => false,
): DeliveryWatch {
  let { deliveries } = read();
  /** Nothing has come since. */
  let since: Stop | undefined;
  /** Something came again; whether the client that is furthest behind got it is not known yet. */
  let ended: Stop | undefined;
  let longest: Stop | undefined;
  let lookedAtMicros = clock.nowMicros();

  function confirm({ lowestNextSequence, open }: ClientView): void {
    if (ended === undefined || lowestNextSequence <= ended.lastEvent + 1) return;
    // Where a client is gone, the others are ahead of it without having received anything.
    if (open === ended.open) longest = longer(longest, ended);
    ended = undefined;
  }

  function look(): void {
    timer = clock.after(LOOK_MILLIS, look);
    const view = read();
    const nowMicros = clock.nowMicros();
    const isGap = nowMicros > lookedAtMicros + MAX_GAP_MICROS;
    lookedAtMicros = nowMicros;
    const hasMoved = view.deliveries !== deliveries;
    deliveries = view.deliveries;
    if (isGap || !isCurrent()) {
      since = undefined;
      ended = undefined;
      return;
    }
    if (hasMoved && since !== undefined && !isExcused(since.fromMicros, nowMicros))
      ended = longer(ended, { ...since, untilMicros: nowMicros });
    confirm(view);
    // A client that has not seen its first event yet may have come after the last one.
    const isOwed = view.lowestNextSequence >= 0 && view.lowestNextSequence < view.acceptedEvents;
    if (hasMoved || !isOwed) since = undefined;
    if (isOwed)
      since ??= {
        lastEvent: view.lowestNextSequence - 1,
        fromMicros: nowMicros,
        untilMicros: nowMicros,
        open: view.open,
      };
  }
  let timer = clock.after(LOOK_MILLIS, look);
  return {
    longest: () => longest,
    close: () => timer.cancel(),
  };
}

function longer(a: Stop | undefined, b: Stop): Stop {
  const lengthOf = ({ fromMicros, untilMicros }: Stop) => untilMicros - fromMicros;
  return a === undefined || lengthOf(b) > lengthOf(a) ? b : a;
}
