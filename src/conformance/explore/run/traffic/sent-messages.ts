// What clients of a program send: legal frames of every kind that hardly any client sends.
import fc from 'fast-check';
import { createRandom, type Random } from '../../../../kit/random.ts';
import { COMPRESSED_BIT } from '../../../../wire/deflate.ts';
import { encodeClientFrame, encodeFrame } from '../../../../wire/frame-writer.ts';
import { clientTraffic, type Deflate, encodeBurst } from '../../../inputs/client-traffic.ts';
import { shapeEvent } from '../../../inputs/content.ts';
import { MASK } from '../../../inputs/mask.ts';
import type { Plan } from '../../program/plan.ts';
import { isConnected, type Member } from '../member.ts';

const BURSTS = 4;
const MOST_SAID = 12;
const PINGS_AT_ONCE = 40;
const TEXTS_AT_ONCE = 100;
/** Far below what hubs that take messages at all refuse. */
const LARGE_BYTES = 16_384;
const [TEXT, BINARY, PING, PONG] = [1, 2, 9, 10];

type Sent = { readonly kind: 'data' | 'ping' | 'pong'; readonly bytes: Buffer };

const data = (...frames: readonly Buffer[]): Sent[] => frames.map((bytes) => ({ kind: 'data', bytes }));
const aPing = (payload: Buffer): Sent => ({ kind: 'ping', bytes: payload });
const part = (opcode: number, isFinal: boolean, payload: string): Buffer =>
  encodeFrame({ opcode, isFinal, payload: Buffer.from(payload), mask: MASK });
const compressed = (payload: Buffer, isFinal = true): Buffer =>
  encodeFrame({ opcode: TEXT, payload, isFinal, reservedBits: COMPRESSED_BIT, mask: MASK });
/** The largest of what is sent compressed. */
const INFLATED_BYTES = 5_000;
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** They end with a whole message. */
function generated(random: Random, deflate?: Deflate): readonly Sent[] {
  const traffic = clientTraffic(LARGE_BYTES, { isData: true, mostSaid: MOST_SAID });
  const bursts = fc.sample(traffic, { numRuns: BURSTS, seed: random.between(0, 0xffff) });
  return [...data(...bursts.flatMap((burst) => encodeBurst(burst, deflate).writes)), aPing(random.bytes(9))];
}

/** By the value of the factor. */
const MESSAGES: Readonly<Record<string, (random: Random, plan: Plan, deflate: Deflate) => readonly Sent[]>> =
  {
    text: () => data(encodeClientFrame(TEXT, '{"subscribe":"all"}')),
    binary: (random) => data(encodeClientFrame(BINARY, random.bytes(random.between(1, 300)))),
    'binary 16 KiB': (random) =>
      data(
        ...[LARGE_BYTES, random.between(301, 1_500), random.between(1_501, LARGE_BYTES)].map((bytes) =>
          encodeClientFrame(BINARY, random.bytes(bytes)),
        ),
      ),
    empty: () => data(encodeClientFrame(TEXT, ''), encodeClientFrame(BINARY, '')),
    fragments: () => data(part(TEXT, false, 'one '), part(0, false, ''), part(0, true, 'message')),
    'ping inside': (random) => [
      ...data(part(TEXT, false, 'a')),
      aPing(random.bytes(8)),
      ...data(part(0, true, 'b')),
    ],
    // After a longer one, whose body a hub may have kept.
    'ping empty': (random) => [aPing(random.bytes(12)), aPing(Buffer.alloc(0))],
    'ping full': (random) => [aPing(random.bytes(125))],
    'ping bytes': (random) => [125, random.between(0, 124)].map((bytes) => aPing(random.bytes(bytes))),
    'pings at once': (random) => times(PINGS_AT_ONCE, () => aPing(random.bytes(random.between(1, 60)))),
    pong: (random) => [{ kind: 'pong', bytes: random.bytes(random.between(0, 125)) }],
    'text 125': () => data(...[125, 126, 127].map((bytes) => encodeClientFrame(TEXT, 'x'.repeat(bytes)))),
    'text 16 KiB': () => data(encodeClientFrame(TEXT, 'y'.repeat(LARGE_BYTES))),
    'event text'(_, { content }) {
      const paddingBytes = Math.min(content.paddingBytes, LARGE_BYTES / 2);
      const { type, payload } = shapeEvent({ ...content, paddingBytes }, 0);
      return data(encodeClientFrame(TEXT, JSON.stringify({ type, appId: 'app-of-the-client', payload })));
    },
    generated: (random) => generated(random),
    'compressed and generated': (random, _, deflate) => generated(random, deflate),
    'compressed text': (_, __, deflate) =>
      data(
        ...['{"subscribe":"all"}', 'z'.repeat(INFLATED_BYTES), ''].map((text) =>
          compressed(deflate(Buffer.from(text))),
        ),
      ),
    'compressed fragments'(_, __, deflate) {
      const whole = deflate(Buffer.from('{"subscribe":"all"}'.repeat(40)));
      const [first, rest] = [whole.subarray(0, 7), whole.subarray(7)];
      return [
        ...data(compressed(first, false)),
        aPing(Buffer.from('inside')),
        ...data(encodeFrame({ opcode: 0, payload: rest, mask: MASK })),
      ];
    },
    'many texts': () => data(...times(TEXTS_AT_ONCE, (at) => encodeClientFrame(TEXT, `message ${at}`))),
  };

/** Sends once what the plan says, from `members`; `round` makes each time a little different. */
export function sendFrom(members: readonly Member[], plan: Plan, round: number): void {
  for (const [at, member] of members.entries()) {
    if (!isConnected(member)) continue;
    const random = createRandom(plan.content.seed + round * 101 + at, 'sent');
    const deflate = member.client?.deflate;
    // Without an agreement it sends nothing.
    if (plan.sends.startsWith('compressed') && deflate === undefined) continue;
    for (const { kind, bytes } of MESSAGES[plan.sends]?.(random, plan, deflate ?? ((text) => text)) ?? []) {
      if (kind === 'ping') ping(member, bytes);
      else if (kind === 'pong') member.client?.sendRaw(encodeClientFrame(PONG, bytes));
      else {
        member.sentBytes = Math.max(member.sentBytes, largestBytes(plan.sends, bytes));
        member.client?.sendRaw(bytes);
      }
    }
  }
}

/** Of the message in these bytes. */
function largestBytes(sends: string, { length }: Buffer): number {
  if (sends.endsWith('generated')) return LARGE_BYTES;
  return sends.startsWith('compressed') ? Math.max(length, INFLATED_BYTES) : length;
}

/** Only the last Ping must be answered (RFC 6455 5.5.3). */
export function ping(member: Member, payload: Buffer): void {
  member.ping = payload;
  member.pongsBefore = member.client?.record.pongs.length ?? 0;
  member.client?.sendRaw(encodeClientFrame(PING, payload));
}
