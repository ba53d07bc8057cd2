// Pings of every kind, and a Pong with the same body for each.
import { OPCODE } from '../../../../wire/frame-header.ts';
import { encodeFrame } from '../../../../wire/frame-writer.ts';
import type { Check } from '../../../check.ts';
import { FACTS, type Finding, fail, pass } from '../../../finding.ts';
import { MASK } from '../../../inputs/mask.ts';
import { basisOf, describeState } from '../../../lab/client/client-state.ts';
import type { Lab } from '../../../lab/lab.ts';

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
        return fail(
          { expected: `a Pong with the ${body.length} bytes of the Ping`, got: describeState(client) },
          basisOf(client),
        );
    }
    const pieces = await Promise.all(CUTS_BYTES.map((cutBytes) => findUnansweredPieces(lab, cutBytes)));
    const ownMessages = client.record.messages - silent.record.messages;
    if (ownMessages >= BODIES.length - MOST_UNLIKE)
      return fail(
        {
          expected: 'a Ping is answered with a Pong, and with nothing else',
          got: `${ownMessages} messages more than a client that does not ping received`,
        },
        FACTS,
      );
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
  client.sendPart(frame.subarray(0, cutBytes), `the first ${cutBytes} B of a Ping`);
  await lab.pause(BETWEEN_PIECES_MILLIS);
  client.sendRaw(frame.subarray(cutBytes), 'the rest of it');
  const hasPong = (): boolean => client.record.pongs.some(({ payload }) => payload.toString() === body);
  if (await client.until(hasPong, 'a Pong for a Ping in two pieces')) return undefined;
  const [pong] = client.record.pongs;
  const other = pong === undefined ? '' : `a Pong with ${JSON.stringify(pong.payload.toString())}; `;
  return fail(
    {
      expected: `a Pong with the body of a Ping whose first ${cutBytes} bytes came before the rest`,
      got: `${other}${describeState(client)}`,
    },
    pong === undefined ? basisOf(client) : FACTS,
  );
}
