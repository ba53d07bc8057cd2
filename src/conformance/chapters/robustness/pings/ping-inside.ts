// Control frames between the fragments of a message (RFC 6455 5.4).
import { encodeClientFrame, encodeFrame } from '../../../../wire/frame-writer.ts';
import type { Check } from '../../../check.ts';
import { fail, pass, warn } from '../../../finding.ts';
import { MASK } from '../../../inputs/mask.ts';
import { basisOf, describeState } from '../../../lab/client/client-state.ts';

export const pingInsideMessage: Check = {
  id: 'robustness.ping-inside-message',
  chapter: 'robustness',
  title: 'a Ping inside a fragmented message is answered before the message ends',
  level: 'must',
  clause: {
    source: 'RFC 6455 5.4',
    quote: 'An endpoint MUST be capable of handling control frames in the middle of a fragmented message.',
  },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'Fragments exist so that a Ping need not wait for a long message. A client sends the first fragment of a text and a Ping, and ends the text only after the Pong. A hub that refuses all data may close with 1003 or 1008 instead: that is a warning.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const client = await lab.connect();
    client.sendRaw(
      encodeFrame({ opcode: 1, isFinal: false, payload: Buffer.from('first'), mask: MASK }),
      'the first fragment of a text',
    );
    if (await client.ping('inside')) {
      client.sendRaw(encodeClientFrame(0, 'last'), 'the last fragment');
      return pass();
    }
    const code = client.record.closes[0]?.code;
    const breach = { expected: 'a Pong before the message ends', got: describeState(client) };
    return (code === 1003 || code === 1008 ? warn : fail)(breach, basisOf(client));
  },
};
