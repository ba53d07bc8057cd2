// The window of unacknowledged events that all checks of a run share: events are sent only while no client that reads, of
// whichever check, has more than the limit still to see. Correct hubs evict a client whose writer did not run while more
// passed. Who joins while events are on their way may have as many again: less than any buffer of the protocol.
//
// First come, first served. A client that sees nothing for a while is not waited for until it sees something: its own
// check judges it, and the others go on. One that has never seen anything may not have been registered yet when events were
// sent: once, and soon, it is given up what it has not seen, so that it still has room for a window more.
import type { Clock, Timer } from '../../../time/clock.ts';
import { createDeliveryTimes, type DeliveryTimes } from '../../run/waits/delivery-times.ts';
import { type EventKey, readEventKeys, readFirstKey } from './event-keys.ts';
import { createUnseenEvents, type SentRequest, type UnseenEvents } from './window-reader.ts';

export interface SharedWindow {
  /** Most events of one request. */
  readonly limit: number;
  /** How long events take to clients that read. */
  readonly deliveries: DeliveryTimes;
  /** Queues events for sending; `onAdmitted` is called at once, or when there is room. */
  request(texts: readonly string[], onAdmitted?: () => void): WindowRequest;
  /** A client that has joined and reads. */
  addReader(): WindowReader;
}

interface WindowRequest {
  readonly isAdmitted: boolean;
  /** The hub has answered that it took them. */
  accepted(): void;
  /** They are not coming: the hub refused them, or they were never sent. */
  withdraw(): void;
}

export interface WindowReader {
  /** A message of any kind. */
  sawMessage(message: Buffer): void;
  /** It stops reading on purpose: nobody waits for it. */
  pause(): void;
  /** It reads again: what is sent from now on counts. */
  resume(): void;
  /** Nothing more will reach it. */
  leave(): void;
}

interface Waiting {
  readonly keys: readonly EventKey[];
  readonly count: number;
  readonly admit: () => void;
}

interface Reader {
  readonly unseen: UnseenEvents;
  isPaused: boolean;
  isSilent: boolean;
  /** It has seen nothing yet, and was not given up what it missed. */
  isNew: boolean;
}

/** Much longer than any delivery of a hub that is in order, on a busy machine too. */
export const SILENT_MILLIS = 2_000;
/** The same for a client that has just joined: too much for most, and a mistake costs no more than a window. */
export const NEW_SILENT_MILLIS = 250;

export interface SharedWindowOptions {
  readonly limit: number;
  /** How the names of all series of the run begin. */
  readonly runPrefix: string;
  readonly clock: Clock;
}

export function createSharedWindow({ limit, runPrefix, clock }: SharedWindowOptions): SharedWindow {
  const deliveries = createDeliveryTimes();
  const prefix = Buffer.from(runPrefix);
  const readers = new Set<Reader>();
  const waiting: Waiting[] = [];
  let order = 0;
  // The reader that the first in the queue waits for: as long as it has not moved, no other needs a look.
  let blocker: Reader | undefined;
  let timer: Timer | undefined;

  function admitWaiting(): void {
    timer?.cancel();
    blocker = undefined;
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      blocker = findBlocker(next.count);
      if (blocker !== undefined) break;
      waiting.shift();
      next.admit();
    }
    if (blocker !== undefined) watch(blocker);
  }

  function findBlocker(count: number): Reader | undefined {
    for (const reader of readers) if (reader.unseen.count + count > limit) return reader;
    return undefined;
  }

  function moved(reader: Reader): void {
    if (reader === blocker) admitWaiting();
  }

  /** Looks again when the reader that blocks has been silent for too long. */
  function watch(reader: Reader): void {
    const silentMillis = (): number => (clock.nowMicros() - reader.unseen.progressMicros) / 1_000;
    const mostMillis = (): number => (reader.isNew ? NEW_SILENT_MILLIS : SILENT_MILLIS);
    timer = clock.after(Math.max(0, mostMillis() - silentMillis()), () => {
      // In a later turn: what arrived while the event loop was late counts.
      timer = clock.after(0, () => {
        if (silentMillis() >= mostMillis()) {
          reader.isSilent = !reader.isNew;
          reader.isNew = false;
          reader.unseen.forgetAll();
        }
        admitWaiting();
      });
    });
  }

  function request(texts: readonly string[], onAdmitted?: () => void): WindowRequest {
    if (texts.length > limit) throw new Error(`${texts.length} events at once, more than ${limit}`);
    const never = Number.POSITIVE_INFINITY;
    const sent: SentRequest = { sentAt: never, acceptedAt: never, acceptedMicros: never };
    let isAdmitted = false;
    const each: Waiting = {
      keys: texts.flatMap((text) => readFirstKey(text, runPrefix) ?? []),
      count: texts.length,
      admit() {
        isAdmitted = true;
        sent.sentAt = order++;
        for (const { unseen, isPaused, isSilent } of readers)
          if (!isPaused && !isSilent) unseen.sent(each.keys, sent, clock.nowMicros());
        onAdmitted?.();
      },
    };
    waiting.push(each);
    if (waiting.length === 1) admitWaiting();
    return {
      get isAdmitted() {
        return isAdmitted;
      },
      accepted() {
        sent.acceptedAt = order++;
        sent.acceptedMicros = clock.nowMicros();
      },
      withdraw() {
        const at = waiting.indexOf(each);
        if (at !== -1) waiting.splice(at, 1);
        for (const { unseen } of readers) unseen.forget(sent);
        admitWaiting();
      },
    };
  }

  function addReader(): WindowReader {
    const unseen = createUnseenEvents(deliveries);
    const reader: Reader = { unseen, isPaused: false, isSilent: false, isNew: true };
    readers.add(reader);
    const stop = (): void => {
      reader.unseen.forgetAll();
      moved(reader);
    };
    return {
      sawMessage(message) {
        for (const key of readEventKeys(message, prefix)) {
          reader.isSilent = false;
          reader.isNew = false;
          reader.unseen.saw(key, clock.nowMicros());
        }
        moved(reader);
      },
      pause() {
        reader.isPaused = true;
        stop();
      },
      resume() {
        reader.isPaused = false;
      },
      leave() {
        readers.delete(reader);
        stop();
      },
    };
  }

  return { limit, deliveries, request, addReader };
}
