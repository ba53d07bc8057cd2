// Clients that stop reading at the socket: until their buffer overflows for certain, or so shortly that it must not.
// What waits in the hub is what was published and what the kernels do not hold.
import { CERTAIN_OVERFLOW_EXTRA, HIDDEN_BYTES } from '../../../fixture/judge/model.ts';
import { createRandom } from '../../../kit/random.ts';
import type { EventShape } from '../../../session/series.ts';
import { readQueuesOf } from '../../../target/proxy/visible-queues.ts';
import { encodeClientFrame } from '../../../wire/frame-writer.ts';
import { base64 } from '../../inputs/content.ts';
import type { Plan } from '../program/plan.ts';
import type { HubSession } from './hub-session.ts';
import { isConnected, type Member } from './member.ts';
import type { Publisher } from './publishing/publisher.ts';

/** A hub may serve stalled clients a moment after the others: what it writes then does not wait. */
export const SETTLE_MILLIS = 20;
/** Libraries keep some of what they were given in a buffer of their own, and report it as sent. */
const LIBRARY_BUFFER_BYTES = 128 * 1024;
const PROBE_INTERVAL_MILLIS = 100;
/** Random base64 compresses to three quarters. */
export const LEAST_COMPRESSED_SHARE = 0.7;
const READ_ON_AFTER_MILLIS = 250;
/** Requests that fill a buffer hold so many events where the program names no number... */
const FILLING_BATCH = 8;
/** ...and at most so many bytes. */
const MOST_REQUEST_BYTES = 2 * 1024 * 1024;

/** Events of a request that fills buffers. */
export function fillingBatch({ batch, stallBytes }: Plan, windowEvents: number): number {
  const wanted = batch > 1 ? batch : FILLING_BATCH;
  return Math.max(1, Math.min(wanted, windowEvents, Math.floor(MOST_REQUEST_BYTES / stallBytes)));
}

/** Events that fill buffers, the first of them at place `from`. */
export const fillingEvents = (from: number, count: number, padding: string): readonly EventShape[] =>
  Array.from({ length: count }, (_, at) => ({
    payload: { sagaId: `saga-${from + at}`, message: 'filling', zPadding: padding },
  }));

export function stopReading(session: HubSession, members: readonly Member[]): void {
  for (const member of members) {
    if (!isConnected(member)) continue;
    member.client?.stopReading();
    member.stalledSinceMicros = session.parts.clock.nowMicros();
  }
}

export function resumeReading(session: HubSession, members: readonly Member[]): void {
  for (const member of members) {
    const since = member.stalledSinceMicros;
    if (since !== undefined) member.stalledMillis += (session.parts.clock.nowMicros() - since) / 1e3;
    member.stalledSinceMicros = undefined;
    member.client?.resumeReading();
  }
}

/** Publishes until the buffer of each of them has overflowed for certain, or nobody can say. */
export async function overflow(
  session: HubSession,
  plan: Plan,
  stalled: readonly Member[],
  publisher: Publisher,
): Promise<void> {
  const { clientBufferMessages, windowEvents } = session.parts.bounds;
  const uncounted = CERTAIN_OVERFLOW_EXTRA + Math.ceil(LIBRARY_BUFFER_BYTES / plan.stallBytes);
  const certain = clientBufferMessages + uncounted;
  const random = createRandom(plan.content.seed, 'overflow');
  // The hub need not send what it can compress away.
  const padding = base64(random, plan.stallBytes);
  const batch = fillingBatch(plan, windowEvents);
  const mostEvents = Math.ceil(HIDDEN_BYTES / (plan.stallBytes * LEAST_COMPRESSED_SHARE)) + certain + 2;
  const isVisible = (await readQueues(session, stalled)).every((queues) => queues?.isHubSideOpen === true);
  const countMissing = async (count: number): Promise<number> =>
    certain - Math.min(...(await countWaiting(session, plan, stalled, count)));
  for (const member of stalled) member.fate = 'either';
  let [count, missing] = [0, isVisible ? certain : mostEvents];
  while (missing > 0 && count < mostEvents && !publisher.isStuck && !session.parts.signal.aborted) {
    await publisher.publish(fillingEvents(count, windowEvents, padding), {
      batch,
      producers: 1,
      form: 'compact',
    });
    count += windowEvents;
    missing -= windowEvents;
    if (plan.stall === 'above, sends') for (const member of stalled) sendText(member, count);
    if (missing > 0 || !isVisible) continue;
    await session.pause(SETTLE_MILLIS);
    missing = await countMissing(count);
  }
  if (publisher.isStuck) return;
  // A proxy and the kernels around it hold an unknown amount.
  if (session.parts.target.proxy !== undefined) return;
  const isCertain = isVisible ? missing <= 0 : count >= mostEvents;
  for (const member of stalled) if (isCertain || !isConnected(member)) member.fate = 'evicted';
}

function sendText(member: Member, at: number): void {
  member.sentBytes = Math.max(member.sentBytes, 1);
  member.client?.sendRaw(encodeClientFrame(1, `still here ${at}`));
}

function readQueues(session: HubSession, members: readonly Member[]) {
  return readQueuesOf(
    session.parts.target,
    members.map(({ client }) => client?.socketEnds),
  );
}

/** Fewest messages that the hub holds for each; without end for a client that it has disconnected already. */
export async function countWaiting(
  session: HubSession,
  plan: Plan,
  stalled: readonly Member[],
  published: number,
): Promise<readonly number[]> {
  const queues = await readQueues(session, stalled);
  return stalled.map(({ client }, at) => {
    const held = queues[at];
    if (held?.isHubSideOpen !== true) return Number.POSITIVE_INFINITY;
    const share = client?.deflate ? LEAST_COMPRESSED_SHARE : 1;
    return published - Math.ceil(held.heldBytes / (plan.stallBytes * share));
  });
}

/** Whoever has overflowed must be disconnected by the deadline, whether it reads on or not. */
export async function awaitEvictions(
  session: HubSession,
  plan: Plan,
  stalled: readonly Member[],
): Promise<void> {
  const evicted = stalled.filter(({ fate }) => fate === 'evicted');
  if (plan.stall === 'above, reads later') {
    await session.pause(READ_ON_AFTER_MILLIS);
    resumeReading(session, stalled);
  }
  const untilMillis = session.nowMillis() + session.parts.kickMillis;
  const areGone = (): boolean => evicted.every((member) => !isConnected(member));
  while (!areGone() && session.nowMillis() < untilMillis && !session.parts.signal.aborted) {
    if (plan.stall === 'above' || plan.stall === 'above, sends')
      for (const { client } of evicted) if (client?.isOpen) client.probeLiveness();
    await session.waiter.until(areGone, {
      what: 'the end of an overflowed client',
      deadlineMillis: PROBE_INTERVAL_MILLIS,
    });
  }
}
