// Events that are JSON, and that some language cannot hold or write: whatever becomes of them, the hub goes on.
import type { Check } from '../../check.ts';
import { LIVE_UPDATES_CLAUSE } from '../../clauses.ts';
import { FACTS, pass, warn } from '../../finding.ts';
import { describeState } from '../../lab/client/client-state.ts';
import { findStrangeMessage } from '../../lab/strange-message.ts';

const MORE_DIGITS_THAN_PARSERS_TAKE = 5_000;
const MORE_LEVELS_THAN_PARSERS_TAKE = 2_000;

const withPayload = (members: string): string =>
  `{"type":"deploy.progress","appId":"a","payload":{"sagaId":"s","message":"m",${members}}}`;

type StrangeEvent = readonly [name: string, text: string];

const STRANGE_EVENTS: readonly StrangeEvent[] = [
  ['the first half of a surrogate pair', withPayload('"cut":"\\ud83d"')],
  ['the second half of a surrogate pair, in a key', withPayload('"\\ude80":1')],
  ['the character NUL', withPayload('"end":"a\\u0000b"')],
  ['a number beyond every double', withPayload('"bytes":1e999')],
];

/** Where events are not sent as they are, they may be too much for the one who passes them to the hub, such as its reader of commands. */
const BEYOND_READERS: readonly StrangeEvent[] = [
  [
    `a number of ${MORE_DIGITS_THAN_PARSERS_TAKE} digits`,
    withPayload(`"bytes":${'9'.repeat(MORE_DIGITS_THAN_PARSERS_TAKE)}`),
  ],
  [
    `arrays inside arrays, ${MORE_LEVELS_THAN_PARSERS_TAKE} levels`,
    withPayload(
      `"deep":${'['.repeat(MORE_LEVELS_THAN_PARSERS_TAKE)}${']'.repeat(MORE_LEVELS_THAN_PARSERS_TAKE)}`,
    ),
  ],
];

export const strangeEventSurvived: Check = {
  id: 'envelope.strange-event-survived',
  chapter: 'envelope',
  title: 'after an event that is hard to read or to write, the next ones arrive',
  level: 'must',
  clause: LIVE_UPDATES_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A log line that was cut inside an emoji is half of a surrogate pair, which JSON can hold and UTF-8 cannot. Where that throws in the one task that serves all clients, no dashboard gets anything from then on, and the hub still looks alive. The check broadcasts such events: two halves of pairs, NUL, a number beyond every double; and, where events are POSTed as they are, one with a number of 5,000 digits and one with 2,000 levels of arrays. The hub may pass them on, mend, refuse or drop them; after each of them a client that connects then must get its events. A client that was there and is disconnected, or gets invalid JSON, is a warning.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness({ keepTexts: 'all' });
    const isPosted = (lab.target.requestForms?.() ?? []).length > 0;
    for (const [name, text] of isPosted ? [...STRANGE_EVENTS, ...BEYOND_READERS] : STRANGE_EVENTS) {
      const outcome = await lab.tryBroadcast([text]);
      lab.note(`${name}: ${outcome.ok ? 'accepted' : outcome.problem}`);
      const newcomer = await lab.witness();
      newcomer.destroy();
    }
    const got = witness.isOpen
      ? (witness.record.faults[0]?.problem ?? findStrangeMessage(witness))
      : describeState(witness);
    return got === undefined
      ? pass()
      : warn({ expected: 'clients stay, and get no message but events', got }, FACTS);
  },
};
