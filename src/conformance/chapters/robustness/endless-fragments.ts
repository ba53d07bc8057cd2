// A message that never ends, in fragments of which none is too large (RFC 6455 10.4).
import { encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';

const FRAGMENT_BYTES = 64 * 1024;
const FRAGMENTS = 512;
const CLOSE_MILLIS = 5_000;
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
    'A limit per frame does not limit a message of many frames, and clients are not authenticated. A client sends 32 MiB of one text in fragments of 64 KiB, without an end, and then a Ping: a hub with a limit has closed the connection (1009, or any end); one that answers the Ping keeps buffering.',
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
      ? pass()
      : fail({
          expected: 'the connection is closed',
          got: `the hub accepted ${(FRAGMENTS * FRAGMENT_BYTES) / 1024 / 1024} MiB of one message and ${isAnswered ? 'answered a Ping' : 'waits for more'}`,
        });
  },
};
