// The middle of a program: its events are published chunk by chunk, while clients send, leave, read in pauses or read on.
import { shapeEvent } from '../../../inputs/content.ts';
import type { Plan } from '../../program/plan.ts';
import { SPARE_MESSAGES } from '../../program/plan.ts';
import type { HubSession } from '../hub-session.ts';
import { leaveNow } from '../joining.ts';
import { isConnected, isListening, type Member } from '../member.ts';
import { resumeReading, stopReading } from '../stalled-clients.ts';
import { sendFrom } from '../traffic/sent-messages.ts';
import type { Publisher } from './publisher.ts';

const MOST_SENDING_ROUNDS = 5;
const TRICKLE_MILLIS = 15;
/** A stall that may take longer than some hubs wait for a Pong is ended. */
const LONGEST_STALL_MILLIS = 700;
/** A hub that writes slowly is correct; what is left of the events is not published then. Silences come on top. */
const LONGEST_PUBLISHING_MILLIS = 25_000;

interface Parties {
  readonly clients: readonly Member[];
  readonly senders: readonly Member[];
  readonly paused: readonly Member[];
}

export async function publishAll(
  session: HubSession,
  plan: Plan,
  publisher: Publisher,
  parties: Parties,
): Promise<void> {
  const { clients, senders, paused } = parties;
  const middle = Math.floor(plan.events / 2);
  const stallFromMillis = session.nowMillis();
  let isPastMiddle = false;
  for (let at = 0, round = 1; at < plan.events && !publisher.isStuck; round++) {
    if (!isPastMiddle && at >= middle) {
      isPastMiddle = true;
      leaveInTheMiddle(session, plan, clients);
      if (plan.silenceMillis > 0) {
        await readOn(session, publisher, paused);
        await session.pause(plan.silenceMillis);
      }
    }
    const millis = session.nowMillis() - stallFromMillis;
    if (session.parts.signal.aborted || millis > LONGEST_PUBLISHING_MILLIS + plan.silenceMillis) return;
    if (millis > LONGEST_STALL_MILLIS) await readOn(session, publisher, paused);
    const count = Math.min(plan.chunkEvents, plan.events - at);
    const shapes = Array.from({ length: count }, (_, n) => shapeEvent(plan.content, at + n));
    if (plan.sendsWhen === 'between' && round <= MOST_SENDING_ROUNDS) sendFrom(senders, plan, round);
    const published =
      plan.reads === 'trickle'
        ? trickle(session, plan, publisher, shapes, clients)
        : publisher.publish(shapes, plan);
    if (plan.sendsWhen === 'together' && round <= MOST_SENDING_ROUNDS) sendFrom(senders, plan, round);
    await published;
    at += count;
  }
}

/** They stop for a moment while a chunk is published. */
async function trickle(
  session: HubSession,
  plan: Plan,
  publisher: Publisher,
  shapes: Parameters<Publisher['publish']>[0],
  clients: readonly Member[],
): Promise<void> {
  stopReading(session, clients);
  const published = publisher.publish(shapes, plan);
  await session.pause(TRICKLE_MILLIS);
  resumeReading(session, clients);
  await published;
  await untilCaughtUp(session, publisher, clients);
}

/** Clients that did not read while their buffer had room: they must have everything. */
export async function readOn(
  session: HubSession,
  publisher: Publisher,
  paused: readonly Member[],
): Promise<void> {
  const reading = paused.filter(({ client }) => client?.isReading === false);
  if (reading.length === 0) return;
  const has = ({ client, owedFrom = 0 }: Member): number =>
    Math.max(owedFrom, (client?.record.lastSequence ?? -1) + 1);
  const behind = session.nextSequence - Math.min(...reading.map(has));
  // More than the plan allowed, because of fences: a hub may have evicted them.
  if (behind > session.parts.bounds.clientBufferMessages - SPARE_MESSAGES / 4)
    for (const member of reading) member.fate = 'either';
  resumeReading(session, reading);
  await untilCaughtUp(session, publisher, reading);
}

async function untilCaughtUp(
  session: HubSession,
  publisher: Publisher,
  members: readonly Member[],
): Promise<void> {
  const last = publisher.published.filter(({ isAccepted }) => isAccepted).at(-1)?.sequence ?? -1;
  const waiting = members.filter((member) => isListening(member) && (member.owedFrom ?? 0) <= last);
  await session.waiter.until(
    () =>
      waiting.every((member) => !isConnected(member) || (member.client?.record.lastSequence ?? -1) >= last),
    { what: `event #${last} at clients that read on`, deadlineMillis: session.parts.waitMillis },
  );
}

function leaveInTheMiddle(session: HubSession, plan: Plan, clients: readonly Member[]): void {
  switch (plan.leaves) {
    case 'close':
    case 'fin':
    case 'reset':
      // The last one, so that somebody of the same kind stays where there are two.
      for (const member of clients.slice(-1).filter(isListening)) leaveNow(session, member, plan.leaves);
      return;
    case 'half at once':
      for (const member of clients.slice(0, clients.length >> 1).filter(isListening))
        leaveNow(session, member, 'destroy');
      return;
    default:
  }
}
