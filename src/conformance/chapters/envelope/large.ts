// A large event: as it is, whole and once.

import type { SeriesEvent } from '../../../session/series.ts';
import type { Check } from '../../check.ts';
import { FACTS, fail, pass, skip } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import { compareEnvelopes, encodeGolden } from './round-trip.ts';

/** 1 MiB, and smaller sizes for hubs that limit events. */
const PAYLOAD_BYTES = [1024, 200, 100, 60, 30].map((kibibytes) => kibibytes * 1024);

function shapeLog(lab: Lab, payloadBytes: number): SeriesEvent {
  const line = 'step 7: \u00e9\u00df \u{1f680} "quoted" \\ <b>bold</b> ';
  const lineBytes = Buffer.byteLength(JSON.stringify(line));
  const log = line.repeat(Math.ceil(payloadBytes / lineBytes));
  return encodeGolden(lab, {
    type: 'deploy.failed',
    payloadText: JSON.stringify({ sagaId: 'saga-1', error: log }),
  });
}

export const largePayload: Check = {
  id: 'envelope.large-payload',
  chapter: 'envelope',
  title: 'a large event arrives whole',
  level: 'must',
  clause: { source: 'protocol: Event Envelope', quote: '`payload` | object | Type-specific data' },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'The error of a failed deploy may be a whole build log. An event of 1 MiB, between two small ones, must arrive with every byte; fragments are allowed. A hub that refuses it (413) receives smaller ones; it may neither cut nor lose an event that it accepted.',
  isolation: 'alone',
  async run(lab) {
    const witness = await lab.witness({ keepTexts: 'own' });
    await lab.fence([witness]);
    const refusals: string[] = [];
    for (const payloadBytes of PAYLOAD_BYTES) {
      const event = shapeLog(lab, payloadBytes);
      const eventBytes = Buffer.byteLength(event.text);
      const outcome = await lab.tryPublish([event], [witness]);
      // A server that refuses a body before it has read it may cut the connection instead of answering.
      if (!outcome.ok && (outcome.kind === 'refused' || outcome.kind === 'unreachable')) {
        refusals.push(`${eventBytes} B: ${outcome.problem}`);
        continue;
      }
      if (!outcome.ok) {
        const expected = `an event of ${eventBytes} B is accepted or refused`;
        return lab.refusal(outcome, { expected });
      }
      const difference = compareEnvelopes({ event, text: witness.record.texts.at(-1)?.text ?? 'null' });
      await lab.fence([witness]);
      const evidence = [...refusals, `${eventBytes} B arrived`];
      return difference === undefined
        ? pass({ evidence })
        : fail({ expected: `an event of ${eventBytes} B as published`, got: difference }, FACTS);
    }
    return skip(`the hub accepts no event of 30 KiB or more: ${refusals.at(-1)}`);
  },
};
