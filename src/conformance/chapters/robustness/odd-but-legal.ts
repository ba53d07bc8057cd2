// What a client may do although few do it: the hub must stay, and answer. Over plain connections, and over those that agreed
// to compression.
import { encodeClientFrame, encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { FACTS, fail, pass, warn } from '../../finding.ts';
import { MASK } from '../../inputs/mask.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { compressedFrame, connectDeflated, deflateMessage } from './deflated.ts';

const part = (opcode: number, isFinal: boolean, payload: string | Uint8Array) =>
  encodeFrame({ opcode, isFinal, payload: Buffer.from(payload), mask: MASK });
const EURO = Buffer.from('\u20ac');

type Oddity = readonly [name: string, pieces: readonly Buffer[]];

const ODDITIES: readonly Oddity[] = [
  ['an empty text', [encodeClientFrame(1, '')]],
  ['a binary message', [encodeClientFrame(2, Buffer.from([0, 255, 128]))]],
  ['a text in three fragments', [part(1, false, 'a'), part(0, false, 'b'), part(0, true, 'c')]],
  // A text is UTF-8 as a whole (RFC 6455 5.6): a fragment may end inside a character.
  [
    'a text whose character is cut by its fragments',
    [part(1, false, EURO.subarray(0, 1)), part(0, true, EURO.subarray(1))],
  ],
  ['a text with empty fragments', [part(1, false, ''), part(0, false, ''), part(0, true, 'all of it')]],
  [
    'a text of 125 and one of 126 bytes',
    [encodeClientFrame(1, 'x'.repeat(125)), encodeClientFrame(1, 'x'.repeat(126))],
  ],
  [
    'two texts and a Ping in one segment',
    [
      Buffer.concat([
        encodeClientFrame(1, 'one'),
        encodeClientFrame(1, 'two'),
        encodeClientFrame(9, 'together'),
      ]),
    ],
  ],
  [
    'a Ping inside a fragmented text',
    [part(1, false, 'a'), encodeClientFrame(9, 'inside'), part(0, true, 'b')],
  ],
  ['a text byte by byte', [...encodeClientFrame(1, 'slowly')].map((byte) => Buffer.from([byte]))],
  ['a mask of zeros', [encodeFrame({ opcode: 1, payload: Buffer.from('bare'), mask: Buffer.alloc(4) })]],
  [
    'texts that are JSON, but no object',
    ['1', '"text"', 'null', '[]'].map((text) => encodeClientFrame(1, text)),
  ],
  ['a Pong that nobody asked for', [encodeClientFrame(10, 'unasked')]],
  // More in all than a hub takes in one message, and each of them short.
  [
    'a thousand short texts',
    [Buffer.concat(Array.from({ length: 1_000 }, () => encodeClientFrame(1, 'x'.repeat(125))))],
  ],
];

const SAID = 'a text that a client says twice, twice';
const packed = deflateMessage(SAID);
const [third, twoThirds] = [Math.floor(packed.length / 3), Math.floor((2 * packed.length) / 3)];
const begins = compressedFrame(packed.subarray(0, third), { isFinal: false });
const goesOn = part(0, false, packed.subarray(third, twoThirds));
const ends = part(0, true, packed.subarray(twoThirds));
const euro = deflateMessage(EURO);

/** RFC 7692 allows all of them to a client with which the hub agreed on compression. */
const COMPRESSED_ODDITIES: readonly Oddity[] = [
  ['a compressed text', [compressedFrame(packed)]],
  ['a compressed empty text', [compressedFrame(deflateMessage(''))]],
  [
    'a compressed binary message',
    [compressedFrame(deflateMessage(Buffer.from([0, 255, 128])), { opcode: 2 })],
  ],
  ['a compressed text in three fragments', [begins, goesOn, ends]],
  ['a Ping inside a compressed text', [begins, encodeClientFrame(9, 'inside'), goesOn, ends]],
  [
    'a compressed text whose character is cut by its fragments',
    [
      compressedFrame(euro.subarray(0, 2), { isFinal: false }),
      part(0, false, ''),
      part(0, true, euro.subarray(2)),
    ],
  ],
  [
    'texts that are compressed and not, in turn',
    [compressedFrame(packed), part(1, true, SAID), compressedFrame(packed)],
  ],
  ['a fragmented text that is not compressed', [part(1, false, 'a'), part(0, true, 'b')]],
  ['a compressed text byte by byte', [...compressedFrame(packed)].map((byte) => Buffer.from([byte]))],
];
/** Only where the hub did not ask its clients to use a new context for each message. */
const IN_ONE_CONTEXT: Oddity = [
  'a compressed text that refers to the one before it',
  [compressedFrame(packed), compressedFrame(deflateMessage(SAID, SAID))],
];

export const oddButLegal: Check = {
  id: 'robustness.odd-but-legal',
  chapter: 'robustness',
  title: 'a client that sends legal but unusual frames keeps its connection',
  level: 'must',
  clause: {
    source: 'RFC 6455 5.4',
    quote: 'Clients and servers MUST support receiving both fragmented and unfragmented messages.',
  },
  needs: [],
  deadlineMillis: 180_000,
  explain:
    'Clients only listen, but libraries send what the RFC allows: empty, binary or fragmented messages, a thousand short ones, unsolicited Pongs; and, where the hub agrees to compression, compressed ones, whole and in fragments. After each of them a Ping must be answered, and one more at the end. A hub may refuse data by policy with Close 1003 or 1008: that is a warning.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const sent = await sendEach(ODDITIES, () => lab.connect());
    const first = await connectDeflated(lab);
    if (first !== undefined) {
      const startsFresh = /client_no_context_takeover/i.test(first.agreed);
      const oddities = startsFresh ? COMPRESSED_ODDITIES : [...COMPRESSED_ODDITIES, IN_ONE_CONTEXT];
      const connect = async () => (await connectDeflated(lab))?.client;
      sent.push(...(await sendEach(oddities, connect)));
    }
    const refused: string[] = [];
    // A library may answer the first Ping before the program takes the message from it: only a later one shows that
    // the client is kept.
    for (const { name, client } of sent) {
      if (await client.ping('later')) continue;
      const code = client.record.closes[0]?.code;
      // A hub that refuses data at its first byte resets what comes after, and its Close may be lost with it.
      const isCutShort =
        code === undefined && refused.length > 0 && (await client.untilClosed()) !== undefined;
      if (code !== 1003 && code !== 1008 && !isCutShort)
        return fail({ expected: `a Pong after ${name}`, got: describeState(client) }, basisOf(client));
      refused.push(`${name}: ${code === undefined ? 'the end of the connection' : `Close ${code}`}`);
    }
    return refused.length === 0
      ? pass()
      : warn({ expected: 'unusual frames are read and dropped', got: refused.join('; ') }, FACTS);
  },
};

interface Sent {
  readonly name: string;
  readonly client: LabClient;
}

/** Each on a connection of its own; stops at the first that is not answered. */
async function sendEach(
  oddities: readonly Oddity[],
  connect: () => Promise<LabClient | undefined>,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const [name, pieces] of oddities) {
    const client = await connect();
    if (client === undefined) continue;
    for (const piece of pieces) client.sendRaw(piece, `${name} (${piece.length} B)`);
    sent.push({ name, client });
    if (!(await client.ping('after')) && client.isOpen) break;
  }
  return sent;
}
