// Fills the buffers of clients that do not read, and knows how full they are. What the hub itself holds cannot be seen,
// what was published and what the kernels hold can: the difference is what waits in the hub. Where the kernels do not
// tell (another machine or system), the count is on the safe side: so many more events that any kernel is full.

import type { Delivery } from '../../session/recorded.ts';
import { readQueuesOf } from '../../target/proxy/visible-queues.ts';
import type { SocketQueues } from '../../wire/kernel/socket-queues.ts';
import { recordedBytes } from '../../wire/tls/tls-records.ts';
import { isTlsUrl } from '../../wire/tls/tls-settings.ts';
import { CheckEnded, error } from '../finding.ts';
import type { TimedWork } from '../timed-work.ts';
import type { Lab } from './lab.ts';
import type { LabClient } from './lab-client.ts';
import { SLOW_EVENT_MILLIS } from './route/affordable.ts';
import { FEW_AT_ONCE, publishUnordered } from './route/publish-unordered.ts';
import { CANNOT_BROADCAST } from './route/refusal.ts';

export interface Backlog {
  /** The events that were broadcast, in the order in which the first witness got them. */
  readonly sequences: readonly number[];
  /** How long the events took from the producer to all witnesses, each, or several of a slow route together. */
  readonly deliveries: readonly TimedWork[];
  /** Fewest messages that wait in the hub for any of the clients; undefined where that cannot be counted. */
  readonly outstanding: number | undefined;
}

export interface BacklogPlan {
  /** Clients that have joined and stopped reading. */
  readonly stalled: readonly LabClient[];
  /** Healthy clients; each event has reached them before the next, on a slow route before the next few. */
  readonly witnesses: readonly LabClient[];
  readonly eventBytes: number;
  /** Publishes until so many messages wait in the hub for each of them (the one in flight included), or it is evicted. */
  readonly outstanding: number;
  /** Where nobody can see how many wait: rather more than that (default), or rather fewer. */
  readonly whenUnseen?: 'more' | 'fewer';
}

/** What kernels may hide of a connection: with a small window, and without (tcp_rmem and tcp_wmem of common systems). */
const SMALL_WINDOW_HIDES_BYTES = 128 * 1024;
const DEFAULT_WINDOW_HIDES_BYTES = 16 * 1024 * 1024;
/** More than any kernel takes: a client that took this is still reading, although it was stopped. */
const MOST_HELD_BYTES = 128 * 1024 * 1024;
/** Larger than what is hidden of a small window, in practice: no event of this size fits into the kernels whole. */
const NEVER_WHOLE_BYTES = 256 * 1024;
const SETTLE_MILLIS = 20;

/** Events that the kernels may have taken whole from a hub, where nobody can see how many. */
export function mostHiddenEvents(client: LabClient, eventBytes: number): number {
  if (client.window === 'default') return Math.ceil(DEFAULT_WINDOW_HIDES_BYTES / eventBytes);
  return eventBytes >= NEVER_WHOLE_BYTES ? 0 : Math.ceil(SMALL_WINDOW_HIDES_BYTES / eventBytes);
}

export async function fillBacklog(lab: Lab, plan: BacklogPlan): Promise<Backlog> {
  const { stalled, witnesses, eventBytes } = plan;
  const [witness] = witnesses;
  if (!witness) throw new Error('a backlog needs a witness');
  const hidden = Math.max(0, ...stalled.map((client) => mostHiddenEvents(client, eventBytes)));
  const enoughUnseen = plan.outstanding + (plan.whenUnseen === 'fewer' ? 0 : hidden);
  const mostEvents = plan.outstanding + Math.ceil(MOST_HELD_BYTES / eventBytes);
  const seenBefore = witness.record.deliveries.length;
  const deliveries: TimedWork[] = [];
  const sequences: number[] = [];
  let outstanding: number | undefined;
  // Both ends must be seen from the start: later a missing end means that the hub has closed the socket.
  const isVisible = (await readQueues(lab, stalled)).every((queues) => queues?.isHubSideOpen === true);

  /** How many events are missing at least: each adds one message, or none when the kernels take it whole. */
  async function countMissing(): Promise<number> {
    if (!isVisible) return enoughUnseen - sequences.length;
    const events = witness?.record.deliveries.slice(seenBefore) ?? [];
    outstanding = await countOutstanding(lab, stalled, events);
    return plan.outstanding - outstanding;
  }

  async function publish(count: number): Promise<void> {
    if (sequences.length >= mostEvents) throw new CheckEnded(error(tooMuch(sequences.length * eventBytes)));
    const fromMillis = lab.elapsedMillis();
    const shapes = Array.from({ length: count }, () => ({ paddingBytes: eventBytes }));
    sequences.push(...(await publishUnordered(lab, shapes, witnesses)));
    deliveries.push({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis });
  }

  const atOnce = lab.routeMillis < SLOW_EVENT_MILLIS && !lab.deliveries.isLate ? 1 : FEW_AT_ONCE;
  // What nobody can see is not counted one by one.
  if (!isVisible && plan.whenUnseen !== 'fewer')
    for (let missing = hidden; missing > 0; missing -= FEW_AT_ONCE) await publish(FEW_AT_ONCE);
  for (let missing = plan.outstanding; missing > 0; ) {
    for (; missing > 0; missing -= atOnce) await publish(Math.min(missing, atOnce));
    missing = await countMissing();
    if (missing > 0 || !isVisible) continue;
    // A hub may serve the stalled clients a moment after the witness: what it writes then does not wait.
    await lab.pause(SETTLE_MILLIS);
    missing = await countMissing();
  }
  return { sequences, deliveries, outstanding };
}

async function countOutstanding(
  lab: Lab,
  stalled: readonly LabClient[],
  events: readonly Delivery[],
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (const queues of await readQueues(lab, stalled)) {
    // A connection that is over, or that the hub has closed, has overflowed already.
    if (queues?.isHubSideOpen)
      least = Math.min(least, events.length - takenWhole(events, queues, isTlsUrl(lab.url)));
  }
  return least;
}

function readQueues(lab: Lab, clients: readonly LabClient[]) {
  const socketEnds = clients.map(({ socketEnds }) => socketEnds);
  return readQueuesOf(lab.target, socketEnds);
}

/** Events whose last byte the kernels have taken: as the witness saw them, the stalled client will. */
function takenWhole(events: readonly Delivery[], { heldBytes }: SocketQueues, isTls: boolean): number {
  let [bytes, whole] = [0, 0];
  for (const event of events) {
    const frameBytes = event.bytes + headerBytes(event);
    bytes += isTls ? recordedBytes(frameBytes) : frameBytes;
    if (bytes > heldBytes) return whole;
    whole++;
  }
  return whole;
}

function headerBytes({ bytes, frames }: Delivery): number {
  const perFrame = bytes / frames;
  return frames * (perFrame < 126 ? 2 : perFrame < 65_536 ? 4 : 10);
}

function tooMuch(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB went to a client that does not read: the connection seems to lead through something that buffers it`;
}

/** Sizes to fall back to when a hub takes no larger events. */
const SMALLER_BYTES = [60, 30, 15, 7, 3, 1].map((kibibytes) => kibibytes * 1024);

/**
 * The largest size up to `wantedBytes` that the hub takes, found by publishing one event. Ends the check when it takes
 * none at all.
 */
export async function findEventBytes(
  lab: Lab,
  wantedBytes: number,
  witnesses: readonly LabClient[],
): Promise<number> {
  let problem = '';
  for (const bytes of [wantedBytes, ...SMALLER_BYTES.filter((smaller) => smaller < wantedBytes)]) {
    const outcome = await lab.tryPublish([lab.series.next({ paddingBytes: bytes })], witnesses);
    if (outcome.ok) {
      if (problem !== '') lab.note(`events of ${bytes} B, because of ${wantedBytes} B: ${problem}`);
      return bytes;
    }
    problem = outcome.problem;
    if (outcome.kind === 'timeout')
      throw new CheckEnded(await lab.refusal(outcome, { expected: 'the hub takes an event' }));
    // A server that refuses a body before it has read it may cut the connection instead of answering.
    if (outcome.kind !== 'refused' && outcome.kind !== 'unreachable') break;
  }
  throw new CheckEnded(error(`${CANNOT_BROADCAST}: ${problem}`));
}
