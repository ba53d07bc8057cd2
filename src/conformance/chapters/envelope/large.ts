// A large event: as it is, whole and once.
import type { Check } from '../../check.ts';
import { CheckEnded, fail, pass, skip } from '../../finding.ts';
import { compareEnvelopes, encodeGolden } from './round-trip.ts';

const PAYLOAD_BYTES = 1024 * 1024;

export const largePayload: Check = {
  id: 'envelope.large-payload',
  chapter: 'envelope',
  title: 'an event of 1 MiB arrives whole',
  level: 'must',
  clause: { source: 'protocol: Event Envelope', quote: '`payload` | object | Type-specific data' },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'The error of a failed deploy may be a whole build log. An event of 1 MiB, between two small ones, must arrive with every byte; fragmented is allowed. A hub that refuses to take it (413) is skipped; one that takes it and cuts or loses it fails.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness({ keepTexts: 'own' });
    await lab.fence([witness]);
    const line = 'step 7: \u00e9\u00df \u{1f680} "quoted" \\ <b>bold</b> ';
    const log = line
      .repeat(Math.ceil(PAYLOAD_BYTES / Buffer.byteLength(JSON.stringify(line))))
      .slice(0, PAYLOAD_BYTES);
    const payloadText = JSON.stringify({ sagaId: 'saga-1', error: log });
    const event = encodeGolden(lab, { type: 'deploy.failed', payloadText });
    lab.note(`an event of ${Buffer.byteLength(event.text)} B`);
    const outcome = await lab.tryPublish([event], [witness]);
    if (!outcome.ok) {
      if (outcome.kind === 'refused')
        return skip(`the hub does not take an event of 1 MiB: ${outcome.problem}`);
      throw new CheckEnded(fail({ expected: 'an event of 1 MiB is taken or refused', got: outcome.problem }));
    }
    const difference = compareEnvelopes({ event, text: witness.inbox.texts.at(-1)?.text ?? 'null' });
    await lab.fence([witness]);
    return difference === undefined
      ? pass()
      : fail({ expected: 'the event as it was published', got: difference });
  },
};
