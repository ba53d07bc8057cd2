// An invalid envelope reaches no client and does not affect the next event.
import type { Check } from '../../check.ts';
import { FACTS, type Finding, fail, pass } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

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

export const invalidNotBroadcast: Check = {
  id: 'envelope.invalid-not-broadcast',
  chapter: 'envelope',
  title: 'an invalid envelope is not broadcast, and the next event is',
  level: 'should',
  clause: { source: 'protocol: Event Envelope', quote: 'Every message is a JSON object with this structure' },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'A producer with a bug must not break every consumer, and an event that cannot be encoded must not stop the ones after it. The check gives the hub eight texts that are not envelopes, one of them invalid because of NaN (over stdio six, because a line of JSON cannot contain invalid JSON). The hub may refuse or drop them, but clients must not receive them, and a valid event must arrive afterwards. Where the hub takes several events in one request, one is sent with a valid and an invalid event: if it is refused, the valid one must not arrive either, as its producer may send it again. A failure is a warning, because the protocol does not define how events enter a hub.',
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
    if (seen === 0) return pass();
    const got = witness.record.texts
      .slice(before, before + seen)
      .map(({ text }) => JSON.stringify(text.slice(0, 60)));
    return fail(
      { expected: 'no message but the next valid event', got: `${seen} messages: ${got.join(', ')}` },
      FACTS,
    );
  },
};

/** A producer repeats what was refused: of such a request nothing may have been broadcast. */
async function findPartOfRefused(lab: Lab, witness: LabClient): Promise<Finding | undefined> {
  const valid = lab.series.next();
  const outcome = await lab.tryBroadcast([valid.text, '{"type":7,"appId":"a","payload":{}}']);
  await lab.fence([witness]);
  if (outcome.ok || outcome.kind !== 'refused' || !witness.record.sequences.includes(valid.sequence))
    return undefined;
  return fail(
    {
      expected: 'no event of a request that the hub refused',
      got: `a request with a valid and an invalid event was refused (${outcome.problem}), and the valid one was broadcast`,
    },
    FACTS,
  );
}
