// The anatomy of an eviction: where the bytes were that a slow client did not read, which event overflowed the queue,
// and how long each part took. Computed from what was published and what the client saw; the same for load and for fixtures.
import type { PublishedEvents } from './published/publish-log.ts';

/** Times in milliseconds; moments count from the start that the report counts from. */
export interface EvictionAnatomy {
  /** Whole messages that the kernels of both sides held: written by the hub, not read by the client. */
  readonly kernelMessages: number;
  /** With the part of a message that they held. */
  readonly kernelBytes: number;
  /** Of these the bytes in the client's kernel and in the hub's; null where the machine does not show them. */
  readonly clientKernelBytes: number | null;
  readonly hubKernelBytes: number | null;
  /** In the hub's own queue when it was full, the message in flight included; at most so much where `isQueueAtMost`. */
  readonly queuedMessages: number;
  readonly queuedBytes: number;
  /** The hub's buffer is not known: these had been published by the time when its socket was closed. */
  readonly isQueueAtMost?: boolean;
  /** Number of the event, from 1, that overflowed the queue. */
  readonly tippedByEvent: number | null;
  readonly stallToQueueMillis: number | null;
  readonly queueToOverflowMillis: number | null;
  readonly overflowAtMillis: number | null;
  readonly overflowToClosedMillis: number | null;
  /** When the hub closed the socket, as liveness probes or the socket queues show it. */
  readonly closedAtMillis: number | null;
}

/** Times are microseconds of the machine's clock. */
export interface EvictionStory {
  readonly stalledAtMicros: number;
  /** The event that it would have read next. */
  readonly firstUnreadSequence: number;
  /** Messages that the kernels held before the hub's own queue began to fill. */
  readonly kernelMessages: number;
  /** As the kernels reported; undefined: as long as these messages are. */
  readonly kernelBytes?: number | undefined;
  /** Undefined where the machine does not show it. */
  readonly clientKernelBytes: number | undefined;
  readonly closedAtMicros: number | undefined;
  /** Messages that the hub buffers for each client; undefined: not known. */
  readonly bufferMessages: number | undefined;
  /** Where the buffer is not known: the event that overflowed it, as what the client received shows. */
  readonly overflowedBy?: number | undefined;
  /** Where that is not known either: the first event that was accepted after the hub had closed the socket. */
  readonly closedBeforeSequence?: number | undefined;
}

/** The message in flight and the one that overflows. */
const BESIDES_THE_BUFFER = 2;

export function describeEviction(
  story: EvictionStory,
  log: PublishedEvents,
  zeroMicros: number,
): EvictionAnatomy {
  const queuedFrom = story.firstUnreadSequence + story.kernelMessages;
  const tippedBy = tippedByOf(story, queuedFrom);
  const queueEnd = tippedBy ?? Math.max(queuedFrom, story.closedBeforeSequence ?? queuedFrom);
  const queuedAtMicros = log.acceptedAtMicros(queuedFrom);
  const overflowAtMicros = tippedBy === undefined ? undefined : log.acceptedAtMicros(tippedBy);
  const kernelBytes = story.kernelBytes ?? log.wireBytesBetween(story.firstUnreadSequence, queuedFrom);
  const clientKernelBytes =
    story.clientKernelBytes === undefined ? null : Math.min(kernelBytes, story.clientKernelBytes);
  return {
    kernelMessages: story.kernelMessages,
    kernelBytes,
    clientKernelBytes,
    hubKernelBytes: clientKernelBytes === null ? null : kernelBytes - clientKernelBytes,
    queuedMessages: queueEnd - queuedFrom,
    queuedBytes: log.bytesBetween(queuedFrom, queueEnd),
    ...(tippedBy === undefined ? { isQueueAtMost: true } : {}),
    tippedByEvent: tippedBy === undefined || overflowAtMicros === undefined ? null : tippedBy + 1,
    stallToQueueMillis: between(story.stalledAtMicros, queuedAtMicros),
    queueToOverflowMillis: between(queuedAtMicros, overflowAtMicros),
    overflowAtMillis: since(zeroMicros, overflowAtMicros),
    overflowToClosedMillis: between(overflowAtMicros, story.closedAtMicros),
    closedAtMillis: since(zeroMicros, story.closedAtMicros),
  };
}

function tippedByOf({ bufferMessages, overflowedBy }: EvictionStory, queuedFrom: number): number | undefined {
  return bufferMessages === undefined ? overflowedBy : queuedFrom + bufferMessages + BESIDES_THE_BUFFER - 1;
}

function since(zeroMicros: number, micros: number | undefined): number | null {
  return micros === undefined ? null : Math.round((micros - zeroMicros) / 1e3);
}

function between(fromMicros: number | undefined, toMicros: number | undefined): number | null {
  if (fromMicros === undefined || toMicros === undefined) return null;
  return Math.max(0, Math.round((toMicros - fromMicros) / 1e3));
}
