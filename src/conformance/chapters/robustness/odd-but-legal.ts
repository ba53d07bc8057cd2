// What a client may do although few do it: the hub must stay, and answer.
import { OPCODE } from '../../../wire/frame-header.ts';
import { encodeClientFrame, encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { type Finding, fail, pass, warn } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { describeState } from '../../lab/publishing.ts';

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
const part = (opcode: number, isFinal: boolean, payload: string | Uint8Array) =>
  encodeFrame({ opcode, isFinal, payload: Buffer.from(payload), mask: MASK });
const EURO = Buffer.from('\u20ac');

const ODDITIES: readonly (readonly [name: string, pieces: readonly Buffer[]])[] = [
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
    'Clients only listen, but libraries send what the RFC allows: empty, binary or fragmented messages, a thousand short ones, unsolicited Pongs. After each of them a Ping must be answered, and one more at the end. A hub may refuse data by policy with Close 1003 or 1008: that is a warning.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const sent: { name: string; client: LabClient }[] = [];
    for (const [name, pieces] of ODDITIES) {
      const client = await lab.connect();
      for (const piece of pieces) client.sendRaw(piece, `${name} (${piece.length} B)`);
      sent.push({ name, client });
      if (!(await client.ping('after')) && client.isOpen) break;
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
        return fail({ expected: `a Pong after ${name}`, got: describeState(client) });
      refused.push(`${name}: ${code === undefined ? 'the end of the connection' : `Close ${code}`}`);
    }
    return refused.length === 0
      ? pass()
      : warn({ expected: 'unusual frames are read and dropped', got: refused.join('; ') });
  },
};

/** Neither UTF-8 nor anything else that a string could hold, with zeros and a blank at the end. */
const NO_TEXT = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x0d, 0x0a, 0x20, 0x00]);

/** Each after another one that is shorter or longer: a hub may keep the body of an earlier Ping. */
const BODIES = ['', 'short', '', 'x'.repeat(125), 'y', NO_TEXT, ''];

/** Two clients that joined at the same time may differ in their first events. */
const MOST_UNLIKE = 2;

export const pingsAnswered: Check = {
  id: 'robustness.pings-answered',
  chapter: 'robustness',
  title: 'a Ping is answered with a Pong of the same body',
  level: 'must',
  clause: {
    source: 'RFC 6455 5.5.3',
    quote:
      'A Pong frame sent in response to a Ping frame must have identical "Application data" as found in the message body of the Ping frame being replied to.',
  },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'Clients and proxies detect dead connections this way. The check sends Pings with an empty, a short and a 125-byte body, and one with bytes that are not text, one after the other, longer ones after shorter ones and the other way round; other clients send a Ping in two TCP segments, cut in its header, its mask or its body. A client that pings receives no more messages than one that does not.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const [client, silent] = await Promise.all([lab.connect(), lab.connect()]);
    for (const body of BODIES) {
      if (!(await client.ping(body)))
        return fail({
          expected: `a Pong with the ${body.length} bytes of the Ping`,
          got: describeState(client),
        });
    }
    const pieces = await Promise.all(CUTS_BYTES.map((cutBytes) => findUnansweredPieces(lab, cutBytes)));
    const ownMessages = client.record.messages - silent.record.messages;
    if (ownMessages >= BODIES.length - MOST_UNLIKE)
      return fail({
        expected: 'a Ping is answered with a Pong, and with nothing else',
        got: `${ownMessages} messages more than a client that does not ping received`,
      });
    return pieces.find((found) => found !== undefined) ?? pass();
  },
};

/** In its header, in its mask, and twice in its body, where a mask that begins again has other bytes. */
const CUTS_BYTES = [1, 4, 7, 12];
/** So that the second part is a segment of its own. */
const BETWEEN_PIECES_MILLIS = 30;

async function findUnansweredPieces(lab: Lab, cutBytes: number): Promise<Finding | undefined> {
  const client = await lab.connect();
  const body = 'a Ping in two pieces';
  const frame = encodeFrame({ opcode: OPCODE.ping, payload: Buffer.from(body), mask: MASK });
  client.sendRaw(frame.subarray(0, cutBytes), `the first ${cutBytes} B of a Ping`);
  await lab.pause(BETWEEN_PIECES_MILLIS);
  client.sendRaw(frame.subarray(cutBytes), 'the rest of it');
  const hasPong = (): boolean => client.record.pongs.some(({ payload }) => payload.toString() === body);
  if (await client.until(hasPong, 'a Pong for a Ping in two pieces')) return undefined;
  const [pong] = client.record.pongs;
  const other = pong === undefined ? '' : `a Pong with ${JSON.stringify(pong.payload.toString())}; `;
  return fail({
    expected: `a Pong with the body of a Ping whose first ${cutBytes} bytes came before the rest`,
    got: `${other}${describeState(client)}`,
  });
}
