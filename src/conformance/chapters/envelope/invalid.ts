// An invalid envelope reaches no client and does not affect the next event.
import type { Check } from '../../check.ts';
import { type Finding, fail, pass } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
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
  title: 'an invalid envelope is not broadcast, and the next event is',
  level: 'should',
  clause: { source: 'protocol: Event Envelope', quote: 'Every message is a JSON object with this structure' },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A producer with a bug must not break every consumer, and an event that cannot be encoded must not stop the ones after it. The check gives the hub eight texts that are not envelopes, one of them invalid because of NaN (over stdio six, because a line of JSON cannot contain invalid JSON). The hub may refuse or drop them, but clients must not receive them, and a valid event must arrive afterwards. Where the hub takes several events in one request, one is sent with a valid and an invalid event: if it is refused, the valid one must not arrive either, as its producer may send it again. A ninth text has half of a surrogate pair, like a string cut inside an emoji, and a tenth a number beyond every double: whatever the hub does with them, no invalid JSON may arrive, and the next event must. A failure is a warning, because the protocol does not define how events enter a hub.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness({ keepTexts: 'all' });
    await lab.fence([witness]);
    const before = witness.record.messages;
    for (const text of INVALID_TEXTS) {
      const outcome = await lab.tryBroadcast([text]);
      lab.note(`${text}: ${outcome.ok ? 'accepted' : outcome.problem}`);
    }
    await lab.fence([witness]);
    const seen = witness.record.messages - before - 1;
    const inPart = seen === 0 && lab.abilities.batch ? await findPartOfRefused(lab, witness) : undefined;
    if (inPart !== undefined) return inPart;
    if (seen === 0) {
      for (const text of BORDERLINE_TEXTS) await lab.tryBroadcast([text]);
      await lab.fence([witness]);
      const got = witness.record.faults[0]?.problem ?? findStrangeMessage(witness);
      return got === undefined ? pass() : fail({ expected: 'no message but events', got });
    }
    const got = witness.record.texts
      .slice(before, before + seen)
      .map(({ text }) => JSON.stringify(text.slice(0, 60)));
    return fail({
      expected: 'no message but the next valid event',
      got: `${seen} messages: ${got.join(', ')}`,
    });
  },
};

/** A producer repeats what was refused: of such a request nothing may have been broadcast. */
async function findPartOfRefused(lab: Lab, witness: LabClient): Promise<Finding | undefined> {
  const valid = lab.series.next();
  const outcome = await lab.tryBroadcast([valid.text, '{"type":7,"appId":"a","payload":{}}']);
  await lab.fence([witness]);
  if (outcome.ok || outcome.kind !== 'refused' || !witness.record.sequences.includes(valid.sequence))
    return undefined;
  return fail({
    expected: 'no event of a request that the hub refused',
    got: `a request with a valid and an invalid event was refused (${outcome.problem}), and the valid one was broadcast`,
  });
}
