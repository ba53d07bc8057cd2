// Texts from a client that are not UTF-8 (RFC 6455 8.1), plain and compressed.
import { encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { fail, listSome, pass, warn } from '../../finding.ts';
import { MASK } from '../../inputs/mask.ts';
import { describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { compressedFrame, connectDeflated, connectDeflatedOrPlain, deflateMessage } from './deflated.ts';

/** How long a text may wait in the hub until it is decoded. */
const DECODE_MILLIS = 1_000;

const BAD_TEXTS: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['bytes that never occur', Buffer.from([0x68, 0xff, 0xfe])],
  ['a character that is cut off', Buffer.from([0x68, 0xe2, 0x82])],
  ['an overlong form', Buffer.from([0xc0, 0xaf])],
  ['half of a surrogate pair', Buffer.from([0xed, 0xa0, 0x80])],
  ['a character beyond Unicode', Buffer.from([0xf4, 0x90, 0x80, 0x80])],
];

const CLAUSE = {
  source: 'RFC 6455 8.1',
  quote:
    'When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact, a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.',
} as const;

/** What became of the client that sent it. */
type Fate = 'closed' | 'ignored' | 'stuck';

async function fateOf(client: LabClient): Promise<Fate> {
  const isAnswered = await client.ping('after');
  // A library may answer the Ping before the program takes the text from it, and fails only then.
  if (await client.untilClosed(isAnswered ? DECODE_MILLIS : undefined)) return 'closed';
  return isAnswered ? 'ignored' : 'stuck';
}

interface Sent {
  readonly name: string;
  readonly fate: Fate;
  readonly client: LabClient;
}

/** Each on a connection of its own, all at the same time. */
function sendAll(
  connect: () => Promise<LabClient>,
  encode: (text: Buffer) => Buffer,
): Promise<readonly Sent[]> {
  const each = BAD_TEXTS.map(async ([name, text]): Promise<Sent> => {
    const client = await connect();
    client.sendRaw(encode(text), `a text with ${name}`);
    return { name, client, fate: await fateOf(client) };
  });
  return Promise.all(each);
}

const sendPlain = (lab: Lab) =>
  sendAll(
    () => lab.connect(),
    (payload) => encodeFrame({ opcode: 1, payload, mask: MASK }),
  );

const namesOf = (sent: readonly Sent[]): string => listSome(sent.map(({ name }) => name));

export const badText: Check = {
  id: 'robustness.bad-utf8',
  chapter: 'robustness',
  title: 'a text that is not UTF-8 ends the connection with 1007',
  level: 'should',
  clause: CLAUSE,
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'Five texts, each on its own connection: bytes that never occur in UTF-8, a character that is cut off, an overlong form, half of a surrogate pair, and a character beyond Unicode. A hub that never interprets what clients send may ignore them: that is a warning, not a failure.',
  isolation: 'alone',
  async run(lab) {
    const sent = await sendPlain(lab);
    const stuck = sent.find(({ fate }) => fate === 'stuck');
    if (stuck !== undefined)
      return fail({ expected: `Close 1007 after ${stuck.name}`, got: describeState(stuck.client) });
    const ignored = sent.filter(({ fate }) => fate === 'ignored');
    return ignored.length === 0
      ? pass()
      : warn({ expected: 'Close 1007', got: `the text was ignored: ${namesOf(ignored)}` });
  },
};

export const badCompressedText: Check = {
  id: 'robustness.bad-utf8-compressed',
  chapter: 'robustness',
  title: 'a text that is refused because it is not UTF-8 is refused when it is compressed, too',
  level: 'must',
  clause: CLAUSE,
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'A hub that ends the connection after a plain text that is not UTF-8 interprets what clients send, and must do the same when such a text comes out of a compressed message. Libraries validate while they read frames, and compressed bytes come by another way. Each of the texts of `robustness.bad-utf8` is sent on a connection that agreed to permessage-deflate. What the hub ignores when it is plain may be ignored when it is compressed.',
  isolation: 'alone',
  async run(lab) {
    const first = await connectDeflated(lab);
    if (first === undefined) return pass({ evidence: ['the hub does not agree to compression'] });
    first.client.sendRaw(compressedFrame(deflateMessage('légal')), 'a compressed text');
    if ((await fateOf(first.client)) !== 'ignored')
      return pass({ evidence: ['the hub does not keep clients that send compressed texts'] });
    const plain = await sendPlain(lab);
    const compressed = await sendAll(
      () => connectDeflatedOrPlain(lab),
      (text) => compressedFrame(deflateMessage(text)),
    );
    const missed = compressed.filter(({ fate }, at) => fate !== 'closed' && plain[at]?.fate === 'closed');
    return missed.length === 0
      ? pass()
      : fail({
          expected: 'the end of the connection, as after the same text without compression',
          got: `the hub keeps the connection after a compressed text with ${namesOf(missed)}`,
        });
  },
};
