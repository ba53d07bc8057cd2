// A hub that ends a client for a message of 4 MiB must do so in whatever form it comes, compressed or in fragments: else
// clients take as much memory as they like.
import { COMPRESSED_BIT } from '../../../../wire/deflate.ts';
import { encodeFrame } from '../../../../wire/frame-writer.ts';
import type { Deflate } from '../../../inputs/client-traffic.ts';
import type { Plan } from '../../program/plan.ts';
import type { HubSession } from '../hub-session.ts';
import { hasPong, isConnected } from '../member.ts';
import type { HubRecord } from '../recording.ts';
import { ping } from './sent-messages.ts';

const MESSAGE_BYTES = 4 * 1024 * 1024;
/** Below what hubs that take messages at all refuse. */
const FRAGMENT_BYTES = 16 * 1024;
const MASK = Buffer.from([0x11, 0x22, 0x33, 0x44]);
const TEXT = 1;
const DEADLINE_MILLIS = 3_000;
/** A hub may answer the Ping before it has inflated the message. */
const SECOND_LOOK_MILLIS = 500;

/** The frames of the message, and how to say it. */
interface Form {
  readonly frames: readonly Buffer[];
  readonly text: string;
}

const whole = (message: Buffer): Form => ({
  frames: [encodeFrame({ opcode: TEXT, payload: message, mask: MASK })],
  text: 'whole',
});

function compressed(message: Buffer, deflate: Deflate): Form {
  const payload = deflate(message);
  const frames = [encodeFrame({ opcode: TEXT, payload, reservedBits: COMPRESSED_BIT, mask: MASK })];
  return { frames, text: `compressed to ${payload.length} bytes` };
}

function fragmented(message: Buffer): Form {
  const count = Math.ceil(message.length / FRAGMENT_BYTES);
  const frames = Array.from({ length: count }, (_, at) =>
    encodeFrame({
      opcode: at === 0 ? TEXT : 0,
      isFinal: at === count - 1,
      payload: message.subarray(at * FRAGMENT_BYTES, (at + 1) * FRAGMENT_BYTES),
      mask: MASK,
    }),
  );
  return { frames, text: `in fragments of ${FRAGMENT_BYTES} bytes` };
}

/** What is uneven about it; undefined where both are taken, both are refused, or nothing can be said. */
export async function compareLimits(session: HubSession, plan: Plan): Promise<HubRecord['unevenLimit']> {
  const isCompressed = plan.sends === 'compressed bomb';
  if (!isCompressed && plan.sends !== 'fragmented bomb') return undefined;
  const message = Buffer.alloc(MESSAGE_BYTES, 'x');
  const { outcome: expected } = await sendFromNew(session, plan, (deflate) =>
    isCompressed && deflate === undefined ? undefined : whole(message),
  );
  if (expected !== 'ended') return undefined;
  const { outcome, text } = await sendFromNew(session, plan, (deflate) => {
    if (!isCompressed) return fragmented(message);
    return deflate && compressed(message, deflate);
  });
  return outcome === 'taken' ? { bytes: MESSAGE_BYTES, form: text } : undefined;
}

interface Sent {
  readonly outcome: 'ended' | 'taken' | 'unknown';
  readonly text: string;
}

/** `compose` gives nothing where the form needs an agreement that there is not. */
async function sendFromNew(
  session: HubSession,
  plan: Plan,
  compose: (deflate: Deflate | undefined) => Form | undefined,
): Promise<Sent> {
  const member = await session.connect('a client that sends 4 MiB', { choice: plan.handshake });
  const { client } = member;
  const form = client && compose(client.deflate);
  if (client === undefined || form === undefined) {
    client?.leave('destroy');
    return { outcome: 'unknown', text: '' };
  }
  for (const frame of form.frames) client.sendRaw(frame);
  ping(member, Buffer.from('taken?'));
  const { waiter } = session;
  const what = 'the end of a client that sent 4 MiB, or its Pong';
  const isEnded = (): boolean => !isConnected(member) || client.record.closes.length > 0;
  await waiter.until(() => isEnded() || hasPong(member), { what, deadlineMillis: DEADLINE_MILLIS });
  if (!isEnded()) await waiter.until(isEnded, { what, deadlineMillis: SECOND_LOOK_MILLIS });
  const outcome = isEnded() ? 'ended' : hasPong(member) ? 'taken' : 'unknown';
  client.leave('destroy');
  return { outcome, text: form.text };
}
