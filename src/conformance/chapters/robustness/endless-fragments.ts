// Messages that are larger than they seem (RFC 6455 10.4): one that never ends, in fragments of which none is too large,
// and one that compression makes small.
import { encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { FACTS, type Finding, fail, pass } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import { compressedFrame, connectDeflated, deflateMessage } from './deflated.ts';

const FRAGMENT_BYTES = 64 * 1024;
const FRAGMENTS = 512;
const MESSAGE_BYTES = FRAGMENTS * FRAGMENT_BYTES;
const CLOSE_MILLIS = 5_000;
const INFLATE_MILLIS = 1_000;
const ZERO_MASK = Buffer.alloc(4);

export const endlessFragments: Check = {
  id: 'robustness.fragments-limited',
  chapter: 'robustness',
  title: 'a message that never ends is refused, however small its fragments',
  level: 'should',
  clause: {
    source: 'RFC 6455 10.4',
    quote:
      'Implementations that have implementation- and/or platform-specific limitations regarding the frame size or total message size after reassembly from multiple frames MUST protect themselves against exceeding those limits.',
  },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'A limit per frame does not limit a message of many frames, and clients are not authenticated. A client sends 32 MiB of one text in fragments of 64 KiB, without an end, and then a Ping: a hub with a limit has closed the connection (1009, or any end); one that answers the Ping keeps buffering. Where the hub has a limit and agrees to compression, the same 32 MiB are sent as one compressed message of 32 KiB: the limit must hold for what a message inflates to.',
  isolation: 'alone',
  async run(lab) {
    const client = await lab.connect();
    const fragment = (opcode: number) =>
      encodeFrame({ opcode, isFinal: false, payload: Buffer.alloc(FRAGMENT_BYTES, 'x'), mask: ZERO_MASK });
    client.sendRaw(fragment(1), 'the first fragment of a text');
    const next = fragment(0);
    const rest = `${FRAGMENTS - 1} fragments more, none of them the last`;
    for (let sent = 1; sent < FRAGMENTS && client.isOpen; sent++) client.sendRaw(next, rest);
    const isAnswered = await client.ping('still there');
    return !isAnswered && (await client.untilClosed(CLOSE_MILLIS))
      ? judgeCompressed(lab)
      : fail(
          {
            expected: 'the connection is closed',
            got: `the hub accepted ${MESSAGE_BYTES / 1024 / 1024} MiB of one message and ${isAnswered ? 'answered a Ping' : 'waits for more'}`,
          },
          isAnswered ? FACTS : {},
        );
  },
};

async function judgeCompressed(lab: Lab): Promise<Finding> {
  const deflated = await connectDeflated(lab);
  if (deflated === undefined) return pass();
  const { client } = deflated;
  const payload = deflateMessage('x'.repeat(MESSAGE_BYTES));
  const what = `a compressed text of ${payload.length} B that inflates to ${MESSAGE_BYTES} B`;
  client.sendRaw(compressedFrame(payload, { mask: ZERO_MASK }), what);
  if (!(await client.ping('still there'))) return pass();
  // A library may answer the Ping before the program takes the message from it.
  return (await client.untilClosed(INFLATE_MILLIS))
    ? pass()
    : fail({
        expected: 'the limit holds for what a compressed message inflates to: the connection is closed',
        got: `the hub accepted ${what}, and answered a Ping`,
      });
}
