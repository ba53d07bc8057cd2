// Runs one program on the living hub and returns what was seen. Every wait has a deadline, and nothing is published
// beyond what a correct hub must bear.

import { shapeEvent } from '../content/content.ts';
import type { Plan } from '../program/plan.ts';
import { planProgram, SPARE_MESSAGES } from '../program/plan.ts';
import type { Program } from '../program/program.ts';
import { runEarlierTraffic } from './earlier-traffic.ts';
import type { HubSession } from './hub-session.ts';
import { joinClients, leaveNow } from './joining.ts';
import { beginNextProgram, hasPong, isConnected, isListening, type Member, recordMember } from './member.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import type { MemberRecord, ProgramRecording } from './recording.ts';
import { countExtras, readUse } from './resource-use.ts';
import { ping, sendFrom } from './sent-messages.ts';
import { awaitEvictions, overflow, resumeReading, stopReading } from './stalled-clients.ts';

const MOST_VETERANS = 8;
/** At the end so many clients show that their Pings are answered. */
const MOST_PINGS = 40;
const MOST_SENDING_ROUNDS = 5;
const TRICKLE_MILLIS = 15;
/** A stall that may take longer than some hubs wait for a Pong is ended. */
const LONGEST_STALL_MILLIS = 700;

export async function runProgram(session: HubSession, program: Program): Promise<ProgramRecording> {
  const { clock, bounds, starvation, signal } = session.parts;
  const startMicros = clock.nowMicros();
  const plan = planProgram(program, bounds);
  await session.begin();
  const run = createRun(session, plan);
  for (const member of run.all()) beginNextProgram(member);
  const before = await readUse(session.parts.target, session.veterans.filter(isConnected).length);
  await run.perform();
  const members = run.record();
  const newcomer = await meetNewcomer(session, run.publisher);
  const publishProblem = run.publisher.problem;
  const stays = await run.finish();
  const extras = await countExtras(session, before, stays);
  return {
    published: run.publisher.published,
    members: [...members, ...newcomer.members],
    hub: { publishProblem, deadProblem: newcomer.deadProblem, ...extras },
    starvedWorstMillis: starvation.worstMillisSince(startMicros),
    starvedTotalMillis: starvation.totalMillisSince(startMicros),
    isInterrupted: signal.aborted,
    durationMillis: (clock.nowMicros() - startMicros) / 1e3,
  };
}

function createRun(session: HubSession, plan: Plan) {
  const earlier = [...(session.resident === undefined ? [] : [session.resident]), ...session.veterans];
  const own = new Set<Member>();
  const all = (): Member[] => [...earlier, ...own];
  const publisher = createPublisher(session, all);
  const add = (member: Member): void => void own.add(member);

  async function perform(): Promise<void> {
    await runEarlierTraffic(session, plan.before);
    const clients = await joinClients(session, plan, publisher, add);
    const stalled = await joinStalled(session, plan, add);
    const senders = plan.allSend ? clients : clients.slice(0, 1);
    if (plan.sendsWhen === 'before') sendFrom(senders, plan, 0);
    const lateReaders =
      plan.reads === 'late' ? clients : plan.reads === 'behind one' ? clients.slice(-1) : [];
    const paused = [...lateReaders, ...(plan.stall === 'below' ? stalled : [])];
    stopReading(session, paused);
    if (plan.stall.startsWith('above')) {
      stopReading(session, stalled);
      await overflow(session, plan, stalled, publisher);
    }
    await publishAll(session, plan, publisher, { clients, senders, paused });
    await readOn(session, publisher, paused);
    if (plan.stall.startsWith('above')) await awaitEvictions(session, plan, stalled);
    await publisher.fence();
    await pingEverybody(session, clients);
  }

  return {
    publisher,
    all,
    perform,
    record: () => all().map((member) => recordMember(member, publisher.textOf)),
    /** Ends or keeps the clients of the program; gives those that stay. */
    async finish(): Promise<readonly Member[]> {
      const stay = plan.stays
        ? [...own].filter((member) => isListening(member) && member.fate === 'kept')
        : [];
      const kept = [...session.veterans.filter(isConnected), ...stay].slice(-MOST_VETERANS);
      for (const member of all())
        if (!kept.includes(member) && member !== session.resident) member.client?.leave('destroy');
      session.veterans = kept;
      return kept;
    },
  };
}

async function joinStalled(
  session: HubSession,
  plan: Plan,
  add: (member: Member) => void,
): Promise<Member[]> {
  if (plan.stall === 'none') return [];
  const window = plan.stall.startsWith('above') ? 'small' : 'default';
  const members = await Promise.all(
    Array.from({ length: plan.stalled }, (_, at) =>
      session.connect(`stalled client ${at + 1}`, { choice: plan.handshake, at, window }),
    ),
  );
  for (const member of members) add(member);
  await session.join(members);
  return members;
}

interface Parties {
  readonly clients: readonly Member[];
  readonly senders: readonly Member[];
  readonly paused: readonly Member[];
}

async function publishAll(
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
    if (session.parts.signal.aborted) return;
    if (session.nowMillis() - stallFromMillis > LONGEST_STALL_MILLIS)
      await readOn(session, publisher, paused);
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
async function readOn(session: HubSession, publisher: Publisher, paused: readonly Member[]): Promise<void> {
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

/** The last Ping of everybody is answered, and a client that closes gets its Close. */
async function pingEverybody(session: HubSession, clients: readonly Member[]): Promise<void> {
  const pinging = clients.filter(isListening).slice(0, MOST_PINGS);
  for (const [at, member] of pinging.entries())
    if (member.ping === undefined || hasPong(member)) ping(member, Buffer.from(`alive ${at}`));
  const closing = clients.filter(({ isClosing }) => isClosing);
  await session.waiter.until(
    () =>
      pinging.every((member) => hasPong(member) || !isConnected(member)) &&
      closing.every(({ client }) => client?.isOpen !== true || client.record.closes.length > 0),
    { what: 'Pongs and Closes', deadlineMillis: session.parts.waitMillis },
  );
}

interface Newcomer {
  /** As a member of the program, where it was let in. */
  readonly members: readonly MemberRecord[];
  readonly deadProblem: string | undefined;
}

/** A plain client after the program: it must be let in, and receive what is published from then on. */
async function meetNewcomer(session: HubSession, publisher: Publisher): Promise<Newcomer> {
  if (session.parts.signal.aborted) return { members: [], deadProblem: undefined };
  const newcomer = await session.connect('a new client');
  const { refusal } = newcomer;
  if (refusal !== undefined && refusal.kind !== 'refused')
    return { members: [], deadProblem: refusal.problem };
  await session.join([newcomer]);
  // Whether it is owed events is not known where nobody can publish.
  if (!session.parts.target.abilities.broadcast) newcomer.owedFrom = session.nextSequence;
  const record = recordMember(newcomer, publisher.textOf);
  newcomer.client?.leave('destroy');
  return { members: [record], deadProblem: undefined };
}
