// From what a worker saw of an evicted client to its anatomy. Half of a stalled cohort reads on at the end and shows to the
// message what the kernels held; the other half sends liveness probes and shows when its socket was closed. Probing makes
// the hub's kernel take more, so neither half stands for the other; the kernels' socket queues fill in where they can.

import {
  describeEviction,
  type EvictionAnatomy,
  type EvictionStory,
} from '../../../ledger/eviction-anatomy.ts';
import type { PublishLog } from '../../../ledger/published/publish-log.ts';
import type { SocketEnds } from '../../../wire/kernel/socket-ends.ts';
import type { ObservedQueues } from '../../coordinator/watch/socket-queue-watch.ts';
import type { EvictionPart } from '../../worker/worker-messages.ts';

export interface AnatomySources {
  readonly publishLog: PublishLog;
  /** The socket queues of the client with these ends; undefined where the kernel does not show them. */
  readonly queuesOf: (socketEnds: SocketEnds, atMicros: number) => ObservedQueues | undefined;
  /** Messages that the hub buffers for each client; undefined: not known. */
  readonly clientBufferMessages: number | undefined;
  /** Times are counted from here. */
  readonly measuredFromMicros: number;
}

/** Null for a client that never stopped reading, and where nothing shows what the kernels held. */
export function anatomyOf(eviction: EvictionPart, sources: AnatomySources): EvictionAnatomy | null {
  const story = storyOf(eviction, sources);
  if (story === undefined) return null;
  const anatomy = describeEviction(story, sources.publishLog, sources.measuredFromMicros);
  // Closed before its queue was full: for another reason, such as pings that nobody answered.
  return isOutOfOrder(anatomy) ? null : anatomy;
}

function storyOf(
  eviction: EvictionPart,
  { publishLog, queuesOf, clientBufferMessages }: AnatomySources,
): EvictionStory | undefined {
  const { stalledAtMicros, nextSequenceAtStall, socketEnds } = eviction;
  if (stalledAtMicros === undefined || nextSequenceAtStall === undefined) return undefined;
  const observed = socketEnds === undefined ? undefined : queuesOf(socketEnds, stalledAtMicros);
  const queues = withoutTls(observed, eviction.plainShare);
  const inKernels = kernelContent(eviction, queues, publishLog, nextSequenceAtStall);
  if (inKernels === undefined) return undefined;
  const closedAtMicros = closedAtOf(eviction, queues);
  const received = nextSequenceAtStall + eviction.messages - eviction.stalledAfterMessages;
  const isQueueRead = closedAtMicros === undefined && queues !== undefined;
  return {
    stalledAtMicros,
    firstUnreadSequence: nextSequenceAtStall,
    ...inKernels,
    closedAtMicros,
    bufferMessages: clientBufferMessages,
    // A hub that closes the socket only when its client reads on has written all of its queue.
    overflowedBy: isQueueRead ? received : undefined,
    closedBeforeSequence: publishLog.acceptedUntil(closedAtMicros ?? Number.POSITIVE_INFINITY),
  };
}

/** When the hub closed the socket while the client did not read; undefined where that is not known, or it did not. */
export function closedAtOf(eviction: EvictionPart, queues: ObservedQueues | undefined): number | undefined {
  // The kernels' tables say more than a probe.
  if (queues !== undefined) return queues.closedAtMicros;
  return isProber(eviction) ? eviction.endedAtMicros : undefined;
}

/** Its own probe was answered with a reset; a client that reads on sees FIN or a Close. */
const isProber = ({ how }: EvictionPart): boolean => how === 'ECONNRESET' || how === 'EPIPE';

function kernelContent(
  eviction: EvictionPart,
  queues: ObservedQueues | undefined,
  log: PublishLog,
  firstUnreadSequence: number,
): Pick<EvictionStory, 'kernelMessages' | 'kernelBytes' | 'clientKernelBytes'> | undefined {
  const noted = eviction.clientKernelBytes;
  const notedPlain = noted === undefined ? undefined : Math.round(noted * (eviction.plainShare ?? 1));
  const clientKernelBytes = notedPlain ?? queues?.lastQueues.unreadBytes;
  const isClosedWhileStalled = closedAtOf(eviction, queues) !== undefined;
  const received = eviction.messages - eviction.stalledAfterMessages;
  // A reset destroys what the kernels held, so that less is received.
  const inQueues =
    queues === undefined ? 0 : log.eventsWithin(firstUnreadSequence, queues.lastQueues.heldBytes);
  // A hub that waits until its client reads on writes its queue, too, so that the queues are the better count.
  if (!isProber(eviction) && (isClosedWhileStalled || queues === undefined))
    return { kernelMessages: Math.max(received, inQueues), clientKernelBytes };
  if (queues === undefined) return undefined;
  const kernelBytes = queues.lastQueues.heldBytes;
  return {
    kernelMessages: log.eventsWithin(firstUnreadSequence, kernelBytes),
    kernelBytes,
    clientKernelBytes,
  };
}

/** The kernels hold TLS records; the hub's bytes in them are what counts. */
function withoutTls(queues: ObservedQueues | undefined, plainShare = 1): ObservedQueues | undefined {
  if (queues === undefined || plainShare === 1) return queues;
  const { heldBytes, unreadBytes, unsentBytes } = queues.lastQueues;
  const plain = (bytes: number) => Math.round(bytes * plainShare);
  return {
    ...queues,
    lastQueues: {
      ...queues.lastQueues,
      heldBytes: plain(heldBytes),
      unreadBytes: plain(unreadBytes),
      unsentBytes: unsentBytes === undefined ? undefined : plain(unsentBytes),
    },
  };
}

/** Moments that the socket queues show are accurate to half a second. */
const INACCURACY_MILLIS = 500;

function isOutOfOrder({ closedAtMillis, overflowAtMillis }: EvictionAnatomy): boolean {
  if (closedAtMillis === null || overflowAtMillis === null) return false;
  return closedAtMillis < overflowAtMillis - INACCURACY_MILLIS;
}
