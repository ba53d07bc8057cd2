// Events with chosen content through the hub and back: what a client receives must say what was published.

import { PROBE_FIELD } from '../../../protocol/probe.ts';
import type { SeriesEvent } from '../../../session/series.ts';
import type { Check } from '../../check.ts';
import { findDifference, parseExactJson } from '../../exact-json.ts';
import { CheckEnded, FACTS, type Finding, fail, pass } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { findJsonLimit } from './json-limits.ts';

export interface Golden {
  readonly type?: string;
  readonly appId?: string;
  /** JSON text of the payload object, so that digits and escapes are what is written here. */
  readonly payloadText: string;
}

/** The event as JSON text with the payload as it is written, and the probe before it. */
export function encodeGolden(
  lab: Lab,
  { type = 'deploy.progress', appId = 'norn-conformance', payloadText }: Golden,
): SeriesEvent {
  const payload = JSON.parse(payloadText) as Record<string, unknown>;
  const event = lab.series.next({ type, appId, payload });
  const probe = JSON.stringify(
    (JSON.parse(event.text) as { payload: Record<string, unknown> }).payload[PROBE_FIELD],
  );
  const rest = payloadText.trim().slice(1);
  const separator = rest.trim() === '}' ? '' : ',';
  const text = `{"type":${JSON.stringify(type)},"appId":${JSON.stringify(appId)},"payload":{"${PROBE_FIELD}":${probe}${separator}${rest}}`;
  return { ...event, text };
}

export interface Received {
  readonly event: SeriesEvent;
  readonly text: string;
}

/**
 * Publishes one event and gives the text that arrived; ends the check when it does not. The finding instead, a warning,
 * when the hub refuses an event that it may refuse (json-limits.ts).
 */
export async function send(lab: Lab, witness: LabClient, golden: Golden): Promise<Received | Finding> {
  const event = encodeGolden(lab, golden);
  const outcome = await lab.tryPublish([event], [witness]);
  if (outcome.ok) return { event, text: witness.record.texts.at(-1)?.text ?? '' };
  const limit = findJsonLimit(event.text);
  const [about, whenRefused] =
    limit === undefined ? (['', 'fail'] as const) : ([` with ${limit}`, 'warn'] as const);
  const expected = `the hub takes a legal event${about}: ${golden.payloadText.slice(0, 120)}`;
  const finding = await lab.refusal(outcome, { expected, whenRefused });
  if (finding.verdict === 'warn') return finding;
  throw new CheckEnded(finding);
}

/** How what arrived differs from what was sent; a hub may add fields beside the documented three. */
export function compareEnvelopes({ event, text }: Received, isExact = false): string | undefined {
  const sent = parseExactJson(event.text);
  const got = parseExactJson(text);
  if (typeof got !== 'object' || got === null || Array.isArray(got))
    return `the message is ${text.slice(0, 80)}`;
  const documented = Object.entries(got).filter(([key]) => Object.hasOwn(sent as object, key));
  return findDifference(sent, Object.fromEntries(documented), { isExact });
}

export async function roundTripAll(lab: Lab, goldens: readonly Golden[], isExact = false): Promise<Finding> {
  const witness = await lab.witness({ keepTexts: 'own' });
  let refusal: Finding | undefined;
  for (const golden of goldens) {
    const received = await send(lab, witness, golden);
    if ('verdict' in received) {
      refusal ??= received;
      continue;
    }
    const difference = compareEnvelopes(received, isExact);
    if (difference !== undefined) {
      return fail(
        {
          expected: `the event as it was published: ${golden.payloadText.slice(0, 120)}`,
          got: difference,
        },
        FACTS,
      );
    }
  }
  return refusal ?? pass({ evidence: [`${goldens.length} events arrived as they were published`] });
}

/** A check that publishes the given events and compares what arrives. */
export function roundTripCheck(
  parts: Pick<Check, 'id' | 'title' | 'explain'> & {
    readonly level?: Check['level'];
    readonly isExact?: boolean;
  },
  goldens: readonly Golden[],
): Check {
  const { isExact = false, level = 'must', ...words } = parts;
  return {
    ...words,
    chapter: 'envelope',
    level,
    clause: { source: 'protocol: Event Envelope', quote: '`payload` | object | Type-specific data' },
    needs: ['broadcast'],
    deadlineMillis: 120_000,
    explain: `${words.explain} Parsed values are compared, so escapes, spaces and the order of fields may differ. A hub that openly refuses an event which readers of JSON may limit (noncharacters, extreme numbers, deep nesting, empty identifiers) gets a warning; any other legal event must be taken.`,
    isolation: 'shared',
    run: (lab) => roundTripAll(lab, goldens, isExact),
  };
}
