// The end of a program: Pings and Closes are answered, and a new client is served.
import type { HubSession } from '../hub-session.ts';
import { hasPong, isConnected, isListening, type Member, recordMember } from '../member.ts';
import type { Publisher } from '../publishing/publisher.ts';
import type { MemberRecord } from '../recording.ts';
import { ping } from './sent-messages.ts';

/** So many clients more show that Pings are answered. */
const MOST_PINGS = 40;

/** The last Ping of everybody is answered, and a client that closes gets its Close. */
export async function pingEverybody(session: HubSession, clients: readonly Member[]): Promise<void> {
  const listening = clients.filter(isListening);
  for (const [at, member] of listening.slice(0, MOST_PINGS).entries())
    if (member.ping === undefined || hasPong(member)) ping(member, Buffer.from(`alive ${at}`));
  // Any of them may have sent a Ping before.
  const pinging = listening.filter((member) => member.ping !== undefined);
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
export async function meetNewcomer(session: HubSession, publisher: Publisher): Promise<Newcomer> {
  if (session.parts.signal.aborted) return { members: [], deadProblem: undefined };
  const newcomer = await session.connect('a new client');
  const { refusal } = newcomer;
  if (refusal !== undefined && refusal.kind !== 'refused')
    return { members: [], deadProblem: refusal.problem };
  await session.join([newcomer]);
  // Whether it is owed events is not known where nobody can publish.
  if (!session.parts.target.abilities.broadcast) newcomer.owedFrom = session.nextSequence;
  const record = recordMember(newcomer, publisher.textOf, session.resident);
  newcomer.client?.leave('destroy');
  return { members: [record], deadProblem: undefined };
}
