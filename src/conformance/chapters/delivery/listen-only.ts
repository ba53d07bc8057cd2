// Clients only listen: what they send reaches nobody.

import { parseEnvelope } from '../../../protocol/envelope-validation.ts';
import type { EventShape } from '../../../session/series.ts';
import { OPCODE } from '../../../wire/frame-header.ts';
import { encodeFrame } from '../../../wire/frame-writer.ts';
import type { Check } from '../../check.ts';
import { FACTS, fail, pass } from '../../finding.ts';
import { MASK } from '../../inputs/mask.ts';
import { describeState } from '../../lab/client/client-state.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { findFirstBreach } from './account.ts';

/** Of no app that the fences are of: a hub may take the name in a message for the client's choice of what it hears. */
const appId = 'app-of-the-client';
/** A hub may pass on what it takes for one of its own. */
const FORGED: readonly EventShape[] = [
  { appId },
  { appId, type: 'deploy.step', payload: { step: 'build', sagaId: 'saga-1', status: 'failed' } },
];
/** What clients of other protocols say, and what a hub of theirs would answer. */
const WORDS = [
  ...['ping', 'PING', 'hello', 'subscribe', 'echo', '2', '2probe', '[]', '{}', 'null'],
  ...['{"type":"ping"}', '{"event":"subscribe","channel":"deploys"}', '{"op":"ping","id":1}'],
  '{"jsonrpc":"2.0","method":"ping","id":1}',
];
/** So many that a hub which reads some and then no more is behind. */
const ROUNDS = 100;

function inFragments(text: string): Buffer {
  const bytes = Buffer.from(text);
  const middle = bytes.length >> 1;
  const part = (opcode: number, isFinal: boolean, payload: Buffer) =>
    encodeFrame({ opcode, isFinal, payload, mask: MASK });
  return Buffer.concat([
    part(OPCODE.text, false, bytes.subarray(0, middle)),
    part(OPCODE.continuation, true, bytes.subarray(middle)),
  ]);
}

/** A message that is no event, and that the other client did not get: the hub answers. */
function findAnswer(sender: LabClient, textsBefore: number, other: LabClient): string | undefined {
  const atOther = new Set(other.record.texts.map(({ text }) => text));
  const answers = sender.record.texts.slice(textsBefore).filter(({ text }) => !atOther.has(text));
  return answers.find(({ text }) => !parseEnvelope(text).ok)?.text;
}

export const clientTextReachesNobody: Check = {
  id: 'delivery.client-text-reaches-nobody',
  chapter: 'delivery',
  title: 'client messages are neither echoed nor broadcast',
  level: 'must',
  clause: { source: 'protocol: Hub Architecture', quote: 'Pipeline / Handler -->|Broadcast| Hub' },
  needs: ['broadcast'],
  deadlineMillis: 90_000,
  explain:
    'Events come only from the pipeline; a hub built from a chat example lets any page inject them. A client sends forged events as text, as binary and in fragments, and words such as `ping` and `subscribe`; a Ping after 300 of them must be answered, and a fence broadcast afterwards, of another app, must be the next event that it and another client receive. A hub may disconnect the sender instead (close 1003 or 1008).',
  isolation: 'shared',
  async run(lab) {
    const [sender, other] = await lab.witnesses(2, { keepTexts: 'all' });
    if (!sender || !other) throw new Error('expected two witnesses');
    const textsBefore = sender.record.texts.length;
    for (let i = 0; i < ROUNDS; i++) {
      const forged = lab.series.next(FORGED[i % FORGED.length]).text;
      sender.send(1, forged);
      sender.send(2, forged);
      sender.sendRaw(inFragments(forged), 'a forged event in two fragments');
    }
    for (const word of WORDS) sender.send(OPCODE.text, word);
    // The Pong shows that the hub has read everything before it.
    if (!(await sender.ping()) && sender.isOpen)
      return fail({
        expected: `a Ping after ${3 * ROUNDS + WORDS.length} messages is answered`,
        got: describeState(sender),
      });
    const stayed = sender.isOpen ? [sender, other] : [other];
    const fence = await lab.fence(stayed);
    const second = await lab.fence(stayed);
    const answer = findAnswer(sender, textsBefore, other);
    if (answer !== undefined)
      return fail(
        { expected: 'the sender receives nothing but events', got: JSON.stringify(answer.slice(0, 80)) },
        FACTS,
      );
    return findFirstBreach(stayed, [fence, second]) ?? pass();
  },
};
