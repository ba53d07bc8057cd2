// How much a client may say at once. Clients only listen, but some introduce themselves first.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import { sendTexts } from './sent-texts.ts';

const SIZES_BYTES = [100, 600, 1_500, 4_000];

export const takesTexts: Check = {
  id: 'robustness.takes-texts',
  chapter: 'robustness',
  title: 'a client that sends a text of 4,000 bytes keeps its connection',
  level: 'should',
  clause: {
    source: 'RFC 6455 10.4',
    quote: 'implementations SHOULD impose reasonable limits on the frame size',
  },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'A limit of what clients may send must leave room for what clients do send: a token, a subscription, a report of an error have one or two KiB, and a client that is disconnected for its first message connects again without end. The 512 bytes of a well-known chat example are copied often. Texts of 100, 600, 1,500 and 4,000 bytes are sent, each on its own connection, each followed by a Ping. A hub that refuses all data by policy (Close 1003 or 1008) passes here.',
  isolation: 'shared',
  turn: 'quiet',
  async run(lab) {
    const sent = await sendTexts(lab, SIZES_BYTES, (bytes) => 'x'.repeat(bytes));
    const refused = sent.find(({ isTaken }) => !isTaken);
    if (refused === undefined) return pass();
    const code = refused.client.record.closes[0]?.code;
    if (code === 1_003 || code === 1_008)
      return pass({ evidence: [`the hub refuses data with Close ${code}`] });
    return fail(
      {
        expected: `a Pong after a text of ${refused.bytes} bytes`,
        got: describeState(refused.client),
      },
      basisOf(refused.client),
    );
  },
};
