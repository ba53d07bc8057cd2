// The anatomy of each eviction of a cohort. Half of a stalled cohort reads out at the end what it was left with, and shows
// what the kernels hid; the other half probes, and shows when its socket was closed. Each lends the other what it cannot
// see.
import { describeEviction, type EvictionAnatomy } from '../ledger/eviction-anatomy.ts';
import type { PublishLog } from '../ledger/publish-log.ts';
import { CLIENT_BUFFER_MESSAGES } from '../protocol/limits.ts';
import type { EvictionPart } from './worker-messages.ts';

/** For each eviction of one cohort its anatomy, or null for a client that never stopped reading. */
export function describeAnatomies(
  evictions: readonly EvictionPart[],
  log: PublishLog,
  zeroMicros: number,
): readonly (EvictionAnatomy | null)[] {
  const readers = evictions.filter((one) => !isProber(one));
  const siblings: Siblings = {
    hidden: median(readers.flatMap((one) => hiddenMessages(one) ?? [])),
    clientKernelBytes: median(readers.flatMap((one) => one.clientKernelBytes ?? [])),
    closedAtMicros: median(evictions.flatMap((one) => (isProber(one) ? (one.endedAtMicros ?? []) : []))),
  };
  return evictions.map((eviction) => describeOne(eviction, siblings, log, zeroMicros));
}

/** What the others of the cohort saw, in the middle. */
interface Siblings {
  readonly hidden: number | undefined;
  readonly clientKernelBytes: number | undefined;
  readonly closedAtMicros: number | undefined;
}

/** Its own reset told it; whoever reads out sees FIN or a Close. */
const isProber = ({ how }: EvictionPart): boolean => how === 'ECONNRESET' || how === 'EPIPE';

/** Messages that came out of the kernels after the stall; undefined for one that lost them by probing. */
function hiddenMessages(eviction: EvictionPart): number | undefined {
  if (eviction.stalledAtMicros === undefined || isProber(eviction)) return undefined;
  return eviction.messages - eviction.stalledAfterMessages;
}

function describeOne(
  eviction: EvictionPart,
  siblings: Siblings,
  log: PublishLog,
  zeroMicros: number,
): EvictionAnatomy | null {
  const { stalledAtMicros, nextSequenceAtStall } = eviction;
  const kernelMessages = hiddenMessages(eviction) ?? siblings.hidden;
  if (stalledAtMicros === undefined || kernelMessages === undefined || nextSequenceAtStall === undefined)
    return null;
  const story = {
    stalledAtMicros,
    firstUnreadSequence: nextSequenceAtStall,
    kernelMessages,
    clientKernelBytes: eviction.clientKernelBytes ?? siblings.clientKernelBytes,
    closedAtMicros: isProber(eviction) ? eviction.endedAtMicros : siblings.closedAtMicros,
    bufferMessages: CLIENT_BUFFER_MESSAGES,
  };
  const anatomy = describeEviction(story, log, zeroMicros);
  if (!isOutOfOrder(anatomy)) return anatomy;
  // What was lent was not its own: another was closed earlier than this one, or this one's kernels hid less.
  return isProber(eviction)
    ? null
    : describeEviction({ ...story, closedAtMicros: undefined }, log, zeroMicros);
}

/** Closed before its queue was full. */
function isOutOfOrder({ closedAtMillis, overflowAtMillis }: EvictionAnatomy): boolean {
  return closedAtMillis !== null && overflowAtMillis !== null && closedAtMillis < overflowAtMillis;
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
