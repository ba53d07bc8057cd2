// What is no envelope goes to nobody, and harms nobody.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';

const INVALID_TEXTS = [
  '{"type":',
  '[]',
  '"text"',
  'null',
  '{"type":7,"appId":"a","payload":{}}',
  '{"type":"deploy.progress","appId":"a"}',
  '{"type":"deploy.progress","appId":"a","payload":"{}"}',
];

/** JSON, but text that has no UTF-8: a hub may pass it on, mend it, refuse or drop it, as long as it goes on. */
const LONE_SURROGATE =
  '{"type":"deploy.progress","appId":"a","payload":{"sagaId":"s","message":"half of a pair: \\ud83d"}}';

export const invalidNotBroadcast: Check = {
  id: 'envelope.invalid-not-broadcast',
  chapter: 'envelope',
  title: 'what is no envelope is not broadcast, and the next event is',
  level: 'should',
  clause: { source: 'protocol: Event Envelope', quote: 'Every message is a JSON object with this structure' },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A producer with a bug must not break every consumer, and an event that cannot be encoded must not stop the ones after it. Seven texts that are no envelope are given to the hub (over stdio six, as a line of JSON cannot carry what is no JSON); it may refuse them or swallow them, but clients must not see them, and a proper event must arrive afterwards. An eighth has half of a surrogate pair, as a string cut in the middle of an emoji has: whatever becomes of it, the next event must arrive. A warning, because how events get into a hub is not part of the protocol.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness({ keepTexts: 'all' });
    await lab.fence([witness]);
    const before = witness.inbox.messageCount;
    for (const text of INVALID_TEXTS) {
      const outcome = await lab.tryBroadcast([text]);
      lab.note(`${text}: ${outcome.ok ? 'taken' : outcome.problem}`);
    }
    await lab.fence([witness]);
    const seen = witness.inbox.messageCount - before - 1;
    if (seen === 0) {
      await lab.tryBroadcast([LONE_SURROGATE]);
      await lab.fence([witness]);
      return pass();
    }
    const got = witness.inbox.texts
      .slice(before, before + seen)
      .map(({ text }) => JSON.stringify(text.slice(0, 60)));
    return fail({
      expected: 'no message but the next proper event',
      got: `${seen} messages: ${got.join(', ')}`,
    });
  },
};
