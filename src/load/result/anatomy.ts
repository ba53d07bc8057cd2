// The anatomy of each eviction of a cohort. Half of a stalled cohort reads out at the end what it was left with, and so
// shows what the kernels hid to the message; the other half probes, and shows when its socket was closed. Neither lends
// the other anything, as probing makes the hub's kernel take more. What a client cannot show itself the kernel tells,
// where it does.

import type { PublishLog } from '../../ledger/events/publish-log.ts';
import { describeEviction, type EvictionAnatomy } from '../../ledger/eviction-anatomy.ts';
import { CLIENT_BUFFER_MESSAGES } from '../../protocol/limits.ts';
import type { HoldFate } from '../coordinator/socket-queue-watch.ts';
import type { EvictionPart } from '../worker/worker-messages.ts';

export type FateOf = (localPort: number) => HoldFate | undefined;

/** Null for a client that never stopped reading, and where nobody tells what the kernels hid. */
export function describeAnatomy(
  eviction: EvictionPart,
  fateOf: FateOf,
  log: PublishLog,
  zeroMicros: number,
): EvictionAnatomy | null {
  const { stalledAtMicros, nextSequenceAtStall, localPort } = eviction;
  const fate = localPort === undefined ? undefined : fateOf(localPort);
  if (stalledAtMicros === undefined || nextSequenceAtStall === undefined) return null;
  const hidden = hiddenIn(eviction, fate, log, nextSequenceAtStall);
  if (hidden === undefined) return null;
  const story = {
    stalledAtMicros,
    firstUnreadSequence: nextSequenceAtStall,
    ...hidden,
    closedAtMicros: fate?.releasedAtMicros ?? (isProber(eviction) ? eviction.endedAtMicros : undefined),
    bufferMessages: CLIENT_BUFFER_MESSAGES,
  };
  const anatomy = describeEviction(story, log, zeroMicros);
  // Closed before its queue was full: for another reason, such as pings that nobody answered.
  return isOutOfOrder(anatomy) ? null : anatomy;
}

/** Its own reset told it; whoever reads out sees FIN or a Close. */
const isProber = ({ how }: EvictionPart): boolean => how === 'ECONNRESET' || how === 'EPIPE';

function hiddenIn(
  eviction: EvictionPart,
  fate: HoldFate | undefined,
  log: PublishLog,
  firstUnreadSequence: number,
) {
  const clientKernelBytes = eviction.clientKernelBytes ?? fate?.lastHold.unreadBytes;
  if (!isProber(eviction)) {
    return { kernelMessages: eviction.messages - eviction.stalledAfterMessages, clientKernelBytes };
  }
  if (fate === undefined) return undefined;
  const kernelBytes = fate.lastHold.heldBytes;
  return {
    kernelMessages: log.eventsWithin(firstUnreadSequence, kernelBytes),
    kernelBytes,
    clientKernelBytes,
  };
}

/** The moments of the kernel's answers lie up to half a second beside the truth. */
const INACCURACY_MILLIS = 500;

function isOutOfOrder({ closedAtMillis, overflowAtMillis }: EvictionAnatomy): boolean {
  if (closedAtMillis === null || overflowAtMillis === null) return false;
  return closedAtMillis < overflowAtMillis - INACCURACY_MILLIS;
}
