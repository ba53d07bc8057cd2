// The anatomy of an eviction: where the bytes were that a slow client did not read, which event was one too many, and
// how long each part took. Half of a stalled cohort reads out at the end what it was left with, and shows what the
// kernels hid; the other half probes, and shows when its socket was closed. Each lends the other what it cannot see.
import { CLIENT_BUFFER_MESSAGES } from '../protocol/limits.ts';
import type { PublishLog } from './publish-log.ts';
import type { EvictionAnatomy } from './result.ts';
import type { EvictionPart } from './worker-messages.ts';

/** The one in flight and the one that is too many. */
const BESIDES_THE_BUFFER = 2;

/** For each eviction of one cohort its anatomy, or null for a client that never stopped reading. */
export function describeAnatomies(
  evictions: readonly EvictionPart[],
  log: PublishLog,
  zeroMicros: number,
): readonly (EvictionAnatomy | null)[] {
  const hiddenBySiblings = median(evictions.flatMap((one) => hiddenMessages(one) ?? []));
  const closedBySiblings = median(
    evictions.flatMap((one) => (isProber(one) && one.endedAtMicros !== undefined ? [one.endedAtMicros] : [])),
  );
  return evictions.map((eviction) =>
    describeOne(eviction, log, zeroMicros, hiddenBySiblings, closedBySiblings),
  );
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
  log: PublishLog,
  zeroMicros: number,
  hiddenBySiblings: number | undefined,
  closedBySiblings: number | undefined,
): EvictionAnatomy | null {
  const { stalledAtMicros, nextSequenceAtStall } = eviction;
  const hidden = hiddenMessages(eviction) ?? hiddenBySiblings;
  if (stalledAtMicros === undefined || hidden === undefined || nextSequenceAtStall === undefined) return null;
  const queuedFrom = nextSequenceAtStall + hidden;
  const tippedBy = queuedFrom + CLIENT_BUFFER_MESSAGES + BESIDES_THE_BUFFER - 1;
  const overflowAtMicros = log.acceptedAtMicros(tippedBy);
  const queuedAtMicros = log.acceptedAtMicros(queuedFrom);
  const closedAtMicros = isProber(eviction) ? eviction.endedAtMicros : closedBySiblings;
  const millis = (micros: number | undefined) =>
    micros === undefined ? null : Math.round((micros - zeroMicros) / 1e3);
  const between = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? null : Math.max(0, Math.round((to - from) / 1e3));
  return {
    kernelMessages: hidden,
    kernelBytes: log.bytesBetween(nextSequenceAtStall, queuedFrom),
    queuedMessages: tippedBy - queuedFrom,
    queuedBytes: log.bytesBetween(queuedFrom, tippedBy),
    tippedByEvent: overflowAtMicros === undefined ? null : tippedBy + 1,
    stallToQueueMillis: between(stalledAtMicros, queuedAtMicros),
    queueToOverflowMillis: between(queuedAtMicros, overflowAtMicros),
    overflowAtMillis: millis(overflowAtMicros),
    overflowToClosedMillis: between(overflowAtMicros, closedAtMicros),
    closedAtMillis: millis(closedAtMicros),
  };
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
