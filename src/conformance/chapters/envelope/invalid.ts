// What is no envelope goes to nobody, and harms nobody.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import { findStrangeMessage } from '../../lab/strange-message.ts';

const INVALID_TEXTS = [
  '{"type":',
  '[]',
  '"text"',
  'null',
  '{"type":7,"appId":"a","payload":{}}',
  '{"type":"deploy.progress","appId":"a"}',
  '{"type":"deploy.progress","appId":"a","payload":"{}"}',
  // Some languages read and write these as numbers; no browser does.
  '{"type":"deploy.progress","appId":"a","payload":{"sagaId":"s","message":"m","ratio":NaN}}',
];

/**
 * JSON, but text that has no UTF-8, and a number that is no double: a hub may pass them on, mend, refuse or drop them, as
 * long as what it sends is JSON and it goes on.
 */
const BORDERLINE_TEXTS = [
  '{"type":"deploy.progress","appId":"a","payload":{"sagaId":"s","message":"half of a pair: \\ud83d"}}',
  '{"type":"deploy.progress","appId":"a","payload":{"sagaId":"s","message":"m","bytes":1e999}}',
];

export const invalidNotBroadcast: Check = {
  id: 'envelope.invalid-not-broadcast',
  chapter: 'envelope',
  title: 'what is no envelope is not broadcast, and the next event is',
  level: 'should',
  clause: { source: 'protocol: Event Envelope', quote: 'Every message is a JSON object with this structure' },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A producer with a bug must not break every consumer, and an event that cannot be encoded must not stop the ones after it. Eight texts that are no envelope, one of them because NaN is no JSON, are given to the hub (over stdio six, as a line of JSON cannot carry what is no JSON); it may refuse them or swallow them, but clients must not see them, and a proper event must arrive afterwards. A ninth has half of a surrogate pair, as a string cut in the middle of an emoji has, and a tenth a number beyond every double: whatever becomes of them, nothing that is no JSON may arrive, and the next event must. A warning, because how events get into a hub is not part of the protocol.',
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
      for (const text of BORDERLINE_TEXTS) await lab.tryBroadcast([text]);
      await lab.fence([witness]);
      const got = witness.inbox.faults[0]?.problem ?? findStrangeMessage(witness);
      return got === undefined ? pass() : fail({ expected: 'no message but events', got });
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
