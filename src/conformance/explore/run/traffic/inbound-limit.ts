// A hub that ends a client for a message of 4 MiB must do so when the message comes compressed, too: else a few KiB on
// the wire take as much memory as anybody likes.
import { encodeFrame } from '../../../../wire/frame-writer.ts';
import type { Plan } from '../../program/plan.ts';
import type { HubSession } from '../hub-session.ts';
import { hasPong, isConnected } from '../member.ts';
import type { HubRecord } from '../recording.ts';
import { ping } from './sent-messages.ts';

const MESSAGE_BYTES = 4 * 1024 * 1024;
const MASK = Buffer.from([0x11, 0x22, 0x33, 0x44]);
const DEADLINE_MILLIS = 3_000;
/** A hub may answer the Ping before it has inflated the message. */
const SECOND_LOOK_MILLIS = 500;

/** What is uneven about it; undefined where both are taken, both are refused, or nothing can be said. */
export async function compareLimits(session: HubSession, plan: Plan): Promise<HubRecord['unevenLimit']> {
  if (plan.sends !== 'compressed bomb') return undefined;
  const message = Buffer.alloc(MESSAGE_BYTES, 'x');
  if ((await sendFromNew(session, plan, () => ({ payload: message, reservedBits: 0 }))) !== 'ended')
    return undefined;
  let compressedBytes = 0;
  const outcome = await sendFromNew(session, plan, (deflate) => {
    const payload = deflate(message);
    compressedBytes = payload.length;
    return { payload, reservedBits: 4 };
  });
  return outcome === 'taken' ? { bytes: MESSAGE_BYTES, compressedBytes } : undefined;
}

type Compose = (deflate: (message: Buffer) => Buffer) => {
  readonly payload: Buffer;
  readonly reservedBits: number;
};

async function sendFromNew(
  session: HubSession,
  plan: Plan,
  compose: Compose,
): Promise<'ended' | 'taken' | 'unknown'> {
  const member = await session.connect('a client that sends 4 MiB', { choice: plan.handshake });
  const { client } = member;
  if (client?.deflate === undefined) {
    client?.leave('destroy');
    return 'unknown';
  }
  client.sendRaw(encodeFrame({ opcode: 1, ...compose(client.deflate), mask: MASK }));
  ping(member, Buffer.from('taken?'));
  const { waiter } = session;
  const what = 'the end of a client that sent 4 MiB, or its Pong';
  const isEnded = (): boolean => !isConnected(member) || client.record.closes.length > 0;
  await waiter.until(() => isEnded() || hasPong(member), { what, deadlineMillis: DEADLINE_MILLIS });
  if (!isEnded()) await waiter.until(isEnded, { what, deadlineMillis: SECOND_LOOK_MILLIS });
  const outcome = isEnded() ? 'ended' : hasPong(member) ? 'taken' : 'unknown';
  client.leave('destroy');
  return outcome;
}
