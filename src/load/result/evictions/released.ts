// How long after its eviction a hub closed the socket of a client that did not read. A hub that forgets the client and keeps
// the socket holds memory and a descriptor for each, and the page behind it goes on showing old data.
// Where the hub's buffer is not known, the time of the eviction lies between two events, and so this is an interval.

import type { PublishLog } from '../../../ledger/published/publish-log.ts';
import type { SocketEnds } from '../../../wire/kernel/socket-ends.ts';
import type { ObservedQueues } from '../../coordinator/watch/socket-queue-watch.ts';
import type { EvictionPart } from '../../worker/worker-messages.ts';
import { closedAtOf } from './eviction-anatomy.ts';

/** How long a socket stayed open after the eviction of a client that did not read. */
export interface Released {
  readonly leastMillis: number;
  /** Where the hub's buffer is known, the same. Null: the hub had not closed the socket when the client read on. */
  readonly mostMillis: number | null;
}

export interface ReleaseSources {
  readonly publishLog: Pick<PublishLog, 'acceptedAtMicros' | 'acceptedUntil' | 'eventsWithin'>;
  readonly queuesOf: (socketEnds: SocketEnds, atMicros: number) => ObservedQueues | undefined;
  readonly clientBufferMessages: number | undefined;
}

/** A hub with a larger buffer is not expected: by this message more it has evicted the client. */
const LARGEST_BUFFER_MESSAGES = 2_048;
/** The one in flight and the one that overflows. */
const BESIDES_THE_BUFFER = 2;

/** Null for a client that did not stall, and where nothing shows when its socket was closed. */
export function releasedOf(eviction: EvictionPart, sources: ReleaseSources): Released | null {
  const { socketEnds, stalledAtMicros } = eviction;
  if (stalledAtMicros === undefined) return null;
  const queues = socketEnds === undefined ? undefined : sources.queuesOf(socketEnds, stalledAtMicros);
  const closedAtMicros = closedAtOf(eviction, queues);
  const lastMicros = closedAtMicros ?? queues?.openAtMicros;
  if (lastMicros === undefined) return null;
  const { publishLog, clientBufferMessages } = sources;
  const first = eviction.nextSequenceAtStall ?? publishLog.acceptedUntil(stalledAtMicros);
  const missed = first + eviction.messages - eviction.stalledAfterMessages;
  const heldBytes = (queues?.lastQueues.heldBytes ?? 0) * (eviction.plainShare ?? 1);
  const queuedFrom = first + publishLog.eventsWithin(first, heldBytes);
  const isOverBy = (sequence: number) => {
    const micros = publishLog.acceptedAtMicros(sequence);
    return micros !== undefined && micros <= lastMicros ? micros : undefined;
  };
  // It received all that had been published, or its queue had not begun to fill: this was another end.
  const earliestMicros = closedAtMicros === undefined ? isOverBy(missed) : isOverBy(queuedFrom);
  if (earliestMicros === undefined) return null;
  // Without the kernels' tables it is not known when the hub's queue began to fill, so that any event may have overflowed it.
  const overflowOf = (bufferMessages: number | undefined) =>
    queues === undefined || bufferMessages === undefined
      ? undefined
      : isOverBy(queuedFrom + bufferMessages + BESIDES_THE_BUFFER - 1);
  const knownMicros = overflowOf(clientBufferMessages);
  const latestMicros =
    knownMicros ??
    overflowOf(LARGEST_BUFFER_MESSAGES) ??
    publishLog.acceptedAtMicros(publishLog.acceptedUntil(lastMicros) - 1) ??
    lastMicros;
  const millis = (micros: number) => Math.max(0, Math.round((lastMicros - micros) / 1e3));
  return {
    leastMillis: millis(latestMicros),
    mostMillis: closedAtMicros === undefined ? null : millis(knownMicros ?? earliestMicros),
  };
}
