// How the clients of a program join: at once, one by one, in waves between events, while events are published, or twice.

import { shapeEvent } from '../../inputs/content.ts';
import type { Plan } from '../program/plan.ts';
import type { HubSession } from './hub-session.ts';
import { isConnected, type Member } from './member.ts';
import type { Publisher } from './publishing/publisher.ts';
import { SETTLED_MILLIS } from './replayed-events.ts';

/** Connections that are opened at once: below the backlog of common servers. */
const AT_ONCE = 100;
const MOST_ONE_BY_ONE = 60;
const WAVES = 3;
const AROUND_LEAVING = 2;
/** Events that were published before are settled by then. */
const AWAY_MILLIS = 1.2 * SETTLED_MILLIS;
/** Members whose texts are kept, to say what changed. */
const KEEPING_TEXTS = 4;

/** Connects the clients and passes the join barrier; members are added as soon as they are connected. */
export async function joinClients(
  session: HubSession,
  plan: Plan,
  publisher: Publisher,
  add: (member: Member) => void,
): Promise<Member[]> {
  const joined: Member[] = [];
  const lots = lotsOf(plan);
  let from = 0;
  for (const [lot, count] of lots.entries()) {
    const isBusy = plan.joins === 'during events';
    const [connected] = await Promise.all([
      connectLot(session, plan, from, count),
      isBusy ? publisher.publish(shapesOf(plan, lot, Math.min(4, plan.chunkEvents)), plan) : undefined,
    ]);
    for (const member of connected) add(member);
    if (plan.joins === 'come back')
      joined.push(...(await comeBack(session, plan, publisher, connected, from, add)));
    else joined.push(...connected);
    await session.join(joined.slice(-count));
    from += count;
    if (plan.joins === 'in waves') await publisher.publish(shapesOf(plan, lot, 2), plan);
    // Every number of clients receives an event.
    if (plan.joins === 'one by one') await publisher.publish(shapesOf(plan, lot, 1), plan);
  }
  return joined;
}

function lotsOf({ joins, clients }: Plan): number[] {
  if (joins === 'one by one' && clients <= MOST_ONE_BY_ONE) return Array.from({ length: clients }, () => 1);
  const most = joins === 'in waves' ? Math.ceil(clients / WAVES) : clients;
  const lots: number[] = [];
  for (let left = clients; left > 0; left -= Math.min(most, left)) lots.push(Math.min(most, left));
  return lots;
}

async function connectLot(session: HubSession, plan: Plan, from: number, count: number): Promise<Member[]> {
  const members: Member[] = [];
  for (let at = 0; at < count && !session.parts.signal.aborted; at += AT_ONCE) {
    const lot = Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, n) => from + at + n);
    members.push(
      ...(await Promise.all(
        lot.map((place) =>
          session.connect(`client ${place + 1}`, {
            choice: plan.handshake,
            at: place,
            keepsTexts: place < KEEPING_TEXTS,
            writes: plan.writes,
          }),
        ),
      )),
    );
  }
  return members;
}

/** Events before they leave and while they are away: a hub must not keep these for them. */
async function comeBack(
  session: HubSession,
  plan: Plan,
  publisher: Publisher,
  first: readonly Member[],
  from: number,
  add: (member: Member) => void,
): Promise<readonly Member[]> {
  await session.join(first);
  await publisher.publish(shapesOf(plan, 0, AROUND_LEAVING), plan);
  for (const [at, member] of first.entries()) leaveNow(session, member, at % 2 === 0 ? 'reset' : 'destroy');
  await publisher.publish(shapesOf(plan, 1, AROUND_LEAVING), plan);
  await session.pause(AWAY_MILLIS);
  const again = await connectLot(session, plan, from, first.length);
  for (const member of again) add(member);
  return again;
}

/** What is published from now on is not owed to it. */
export function leaveNow(
  session: HubSession,
  member: Member,
  how: 'close' | 'fin' | 'reset' | 'destroy',
): void {
  if (!isConnected(member)) return;
  member.owedUntil = session.nextSequence;
  member.fate = 'left';
  member.isClosing = how === 'close';
  member.client?.leave(how);
}

function shapesOf(plan: Plan, lot: number, count: number) {
  return Array.from({ length: count }, (_, at) => shapeEvent(plan.content, 10_000 + lot * count + at));
}
