// A hub may take only small messages from clients, whose part is to listen: who sent a larger one and was ended for it is
// not judged. A fresh client that sends as much, and one that sends little, show where that is the reason.
import { encodeClientFrame } from '../../../../wire/frame-writer.ts';
import type { HubSession } from '../hub-session.ts';
import { hasPong, isConnected, type Member } from '../member.ts';
import { ping } from './sent-messages.ts';

const TEXT = 1;
/** Whoever takes no message of so many bytes takes none at all, which is no limit. */
const SMALL_BYTES = 16;
const DEADLINE_MILLIS = 2_000;

/** Marks those that the hub ended, and would end alone, too. */
export async function findAboveLimit(session: HubSession, members: readonly Member[]): Promise<void> {
  const ended = members.filter(
    ({ fate, client, sentBytes }) =>
      fate === 'kept' && sentBytes > SMALL_BYTES && client?.isOpen === false && !client.hasLeft,
  );
  if (ended.length === 0 || session.parts.signal.aborted) return;
  const isRefused = new Map<number, boolean>();
  for (const member of ended) {
    const bytes = member.sentBytes;
    if (!isRefused.has(bytes))
      isRefused.set(bytes, (await endsSender(session, bytes)) && !(await endsSender(session, SMALL_BYTES)));
    member.isAboveLimit = isRefused.get(bytes) === true;
  }
}

async function endsSender(session: HubSession, bytes: number): Promise<boolean> {
  const member = await session.connect('a client that sends one message');
  const { client } = member;
  if (client === undefined) return false;
  client.sendRaw(encodeClientFrame(TEXT, 'x'.repeat(bytes)));
  ping(member, Buffer.from('taken?'));
  const isEnded = (): boolean => !isConnected(member) || client.record.closes.length > 0;
  await session.waiter.until(() => isEnded() || hasPong(member), {
    what: `the end of a client that sent ${bytes} bytes, or its Pong`,
    deadlineMillis: DEADLINE_MILLIS,
  });
  const hasEnded = isEnded();
  client.leave('destroy');
  return hasEnded;
}
