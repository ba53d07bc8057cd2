// The series of events that a ladder of stalled clients stands on: broadcast in small batches, each of which has reached
// the healthy clients before the next. Notices when the hub stands still, and finds out what ends that.
import { CheckEnded, skip } from '../../../finding.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { CANNOT_BROADCAST, type Refused } from '../../../lab/route/refusal.ts';

export interface FeedPlan {
  /** The events that plug the way: together more than the kernels hide. */
  readonly plug: { readonly messages: number; readonly bytes: number };
  /** Padding of those behind the plug; 0 for ordinary events. */
  readonly eventBytes: number;
}

/** An event did not reach the healthy clients in time, or its producer got no answer. */
export interface Blocked {
  /** producers: the event is everywhere, but who published it still waits for the hub's answer. */
  readonly who: 'everybody' | 'producers';
  /** The first event, counted from 1, that was not everywhere. */
  readonly atMessage: number;
  /** It was at some of the healthy clients: so it is the very event at which the hub stood. */
  readonly hasReachedSome: boolean;
  /** lost: it never came, but a later one did. nothing: nothing came any more. */
  readonly endedBy: 'itself' | 'reading on' | 'lost' | 'nothing';
  readonly lastedMillis: number;
}

export interface Delivered {
  /** The last event of the batch, counted from 1. */
  readonly upToMessage: number;
  readonly millis: number;
}

export type Stop = { readonly blocked: Blocked } | { readonly refusal: string };

export interface Feed {
  /** Sequence of the first event. */
  readonly firstSequence: number;
  /** How long the batches took to reach the healthy clients. */
  readonly deliveries: readonly Delivered[];
  /** Broadcasts until so many events are out; says why when that did not work. */
  upTo(messages: number): Promise<Stop | undefined>;
}

const BLOCKED_MILLIS = 3_000;
/** So many times what the route usually takes come on top. */
const ROUTE_FACTOR = 3;
/** A block that ends without anybody reading on does so within this, or counts as endless. */
const OWN_END_MILLIS = 6_000;
const MOST_AT_ONCE_MESSAGES = 32;
const MOST_AT_ONCE_BYTES = 512 * 1024;
/** What an event has beside its padding, at most. */
const ENVELOPE_BYTES = 512;

export function createFeed(
  lab: Lab,
  plan: FeedPlan,
  stalled: readonly LabClient[],
  healthy: readonly LabClient[],
): Feed {
  const deliveries: Delivered[] = [];
  const countsBefore = healthy.map(({ record }) => record.sequences.length);
  let sent = 0;
  let firstSequence = -1;

  function chooseCount(wanted: number): number {
    if (sent < plan.plug.messages) return 1;
    const most = Math.min(
      MOST_AT_ONCE_MESSAGES,
      Math.floor(MOST_AT_ONCE_BYTES / (plan.eventBytes + ENVELOPE_BYTES)),
      // Half of what clients have been seen to keep: no burst for anybody.
      Math.floor(sent / 2),
    );
    return Math.max(1, Math.min(wanted - sent, most));
  }

  const reached = (): number[] =>
    healthy.map(({ record }, index) => record.sequences.length - (countsBefore[index] as number));

  async function step(count: number): Promise<Stop | undefined> {
    const isPlug = sent < plan.plug.messages;
    const paddingBytes = isPlug ? plan.plug.bytes : plan.eventBytes;
    const events = Array.from({ length: count }, () =>
      lab.series.next(paddingBytes > 0 ? { paddingBytes } : {}),
    );
    if (sent === 0) firstSequence = events[0]?.sequence ?? -1;
    const startMillis = lab.elapsedMillis();
    const texts = events.map(({ text }) => text);
    const blockedMillis = BLOCKED_MILLIS + ROUTE_FACTOR * count * lab.routeMillis;
    const outcome = await lab.tryBroadcast(texts, Math.round(blockedMillis));
    if (!outcome.ok && outcome.kind === 'refused' && paddingBytes > 0) return { refusal: outcome.problem };
    if (!outcome.ok && outcome.kind !== 'timeout')
      throw new CheckEnded(skip(`${CANNOT_BROADCAST}: ${outcome.problem}`));
    const isThere = (): boolean => reached().every((messages) => messages >= sent + count);
    const isOver = (): boolean => isThere() || healthy.some(({ isOpen }) => !isOpen);
    await lab.until(isOver, `event ${sent + count} at the healthy clients`, BLOCKED_MILLIS);
    deliveries.push({ upToMessage: sent + count, millis: lab.elapsedMillis() - startMillis });
    if (healthy.some(({ isOpen }) => !isOpen))
      throw new CheckEnded(skip('a healthy client was disconnected while others did not read'));
    if (!isThere()) return { blocked: await watchBlock(isThere, startMillis) };
    if (!outcome.ok) return { blocked: await watchProducer(outcome, startMillis) };
    sent += count;
    return undefined;
  }

  async function watchBlock(isThere: () => boolean, startMillis: number): Promise<Blocked> {
    const fewest = Math.min(...reached());
    const hasReachedSome = Math.max(...reached()) > fewest;
    const facts = { who: 'everybody', atMessage: fewest + 1, hasReachedSome } as const;
    const later = lab.series.next();
    const probing = lab.tryBroadcast([later.text], OWN_END_MILLIS);
    const hasLater = (): boolean => healthy.every(({ record }) => record.sequences.includes(later.sequence));
    await lab.until(hasLater, 'the end of a block', OWN_END_MILLIS);
    const lastedMillis = lab.elapsedMillis() - startMillis;
    if (hasLater()) return { ...facts, endedBy: isThere() ? 'itself' : 'lost', lastedMillis };
    for (const client of stalled) client.resumeReading();
    await lab.until(hasLater, 'the end of a block, now that everybody reads');
    await probing;
    return { ...facts, endedBy: hasLater() && isThere() ? 'reading on' : 'nothing', lastedMillis };
  }

  /** Only a route that answers when everybody reads was blocked by those that did not. */
  async function watchProducer(outcome: Refused, startMillis: number): Promise<Blocked> {
    const lastedMillis = lab.elapsedMillis() - startMillis;
    for (const client of stalled) client.resumeReading();
    const again = await lab.tryBroadcast([lab.series.next().text], BLOCKED_MILLIS);
    if (!again.ok) throw new CheckEnded(await lab.refusal(outcome, { expected: 'the hub takes an event' }));
    const facts = { who: 'producers', atMessage: sent + 1, hasReachedSome: true } as const;
    return { ...facts, endedBy: 'reading on', lastedMillis };
  }

  return {
    get firstSequence() {
      return firstSequence;
    },
    deliveries,
    async upTo(messages) {
      while (sent < messages) {
        const stop = await step(chooseCount(messages));
        if (stop) return stop;
      }
      return undefined;
    },
  };
}
