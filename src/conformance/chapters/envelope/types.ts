// The envelope's fields and the documented event types (protocol: Event Envelope, Event Types).
import { DOCUMENTED_EVENT_TYPES } from '../../../protocol/envelope.ts';
import { parseEnvelope } from '../../../protocol/envelope-validation.ts';
import type { Check } from '../../check.ts';
import { CheckEnded, FACTS, fail, pass, skip } from '../../finding.ts';
import { basisOf } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import { waitedInVain } from '../../timed-work.ts';
import { compareEnvelopes, encodeGolden, type Golden, roundTripAll } from './round-trip.ts';

const DEADLINE_MILLIS = 120_000;

export const fields: Check = {
  id: 'envelope.fields',
  chapter: 'envelope',
  title: 'every event has type, appId and payload, each of its type',
  level: 'must',
  clause: {
    source: 'protocol: Event Envelope',
    quote:
      '`type` | string | Event type identifier; `appId` | string | App this event relates to; `payload` | object | Type-specific data',
  },
  needs: ['broadcast'],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'Consumers look for exactly these names: with appID, a payload that is JSON inside a string, a bare array, or an envelope around the envelope, nobody reads the event. The check broadcasts two events until one of each arrives. Unknown additional fields are allowed.',
  isolation: 'shared',
  async run(lab) {
    const text = await receiveAny(lab, { payloadText: '{"sagaId":"saga-1","message":"m"}' });
    const verdict = parseEnvelope(text);
    if (!verdict.ok)
      return fail(
        {
          expected: 'an object with type, appId and payload',
          got: `${verdict.problem}: ${text.slice(0, 200)}`,
        },
        FACTS,
      );
    const scaled = await receiveAny(lab, {
      type: 'app.scaled',
      payloadText: '{"sagaId":"saga-2","group":"web","count":3}',
    });
    const second = parseEnvelope(scaled);
    return second.ok
      ? pass()
      : fail(
          { expected: 'a valid app.scaled event', got: `${second.problem}: ${scaled.slice(0, 200)}` },
          FACTS,
        );
  },
};

/** Broadcasts the event until a client has received a message about it, readable or not. */
async function receiveAny(lab: Lab, golden: Golden): Promise<string> {
  const client = await lab.connect({ keepTexts: 'own' });
  const fromMillis = lab.elapsedMillis();
  const untilMillis = fromMillis + lab.settings.waitMillis;
  while (lab.elapsedMillis() < untilMillis && client.isOpen) {
    const outcome = await lab.tryBroadcast([encodeGolden(lab, golden).text]);
    if (!outcome.ok) throw new CheckEnded(await lab.refusal(outcome, { expected: 'the hub takes an event' }));
    if (await client.until(() => client.record.texts.length > 0, 'a message about the event', RETRY_MILLIS))
      break;
  }
  const [first] = client.record.texts;
  if (first !== undefined) return first.text;
  const got = client.record.faults[0]?.problem ?? 'nothing that mentions it';
  // Many short waits, none of which says much.
  const basis = waitedInVain({ fromMillis, tookMillis: lab.elapsedMillis() - fromMillis });
  throw new CheckEnded(
    fail({ expected: 'a text message with the event', got }, { basis, ...basisOf(client) }),
  );
}
const RETRY_MILLIS = 500;

const DOCUMENTED: readonly Golden[] = [
  ...['running', 'complete', 'failed'].map((status) => ({
    type: 'deploy.step',
    payloadText: `{"step":"build","sagaId":"abc-123","status":"${status}"}`,
  })),
  { type: 'deploy.progress', payloadText: '{"sagaId":"abc-123","message":"2 of 3 allocations healthy"}' },
  { type: 'deploy.completed', payloadText: '{"sagaId":"abc-123","imageTag":"registry/app:1.2.3"}' },
  { type: 'deploy.failed', payloadText: '{"sagaId":"abc-123","error":"health check timed out"}' },
  { type: 'app.restarted', payloadText: '{"sagaId":"abc-123"}' },
  { type: 'app.scaled', payloadText: '{"sagaId":"abc-123","group":"web","count":3}' },
  { type: 'app.scaled', payloadText: '{"sagaId":"abc-123","group":"web","count":"3"}' },
  ...['complete', 'failed'].map((status) => ({
    type: 'function.completed',
    payloadText: `{"executionId":"exec-9","status":"${status}"}`,
  })),
];

export const documentedTypes: Check = {
  id: 'envelope.documented-types',
  chapter: 'envelope',
  title: 'every documented event type and step status arrives unchanged',
  level: 'must',
  clause: { source: 'protocol: Event Types', quote: '| Type | Payload Fields | Emitted When |' },
  needs: ['broadcast'],
  deadlineMillis: DEADLINE_MILLIS,
  explain: `A dashboard shows a deploy by these types (${DOCUMENTED_EVENT_TYPES.join(', ')}) and by the status of its steps. A type that a hub drops, or a field that it renames, shows as a deploy that never ends. The check publishes one event of each type and status and compares what arrives.`,
  isolation: 'shared',
  run: (lab) => roundTripAll(lab, DOCUMENTED),
};

/** As they were seen, and as they may look: short, long, and not all in small letters. */
const UNLISTED_TYPES = [
  'beacon.event',
  'snapshot.created',
  'x',
  'Build.Log_Line',
  `a.${'long.'.repeat(20)}name`,
];

export const unknownTypes: Check = {
  id: 'envelope.unknown-types',
  chapter: 'envelope',
  title: 'an event of an unlisted type is not lost',
  level: 'must',
  clause: { source: 'protocol: Event Envelope', quote: '`type` | string | Event type identifier' },
  needs: ['broadcast'],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'New producers are deployed before new consumers: beacon.event and snapshot.* occur in deployed systems. A hub may refuse an unknown type (then this check is skipped); one that accepts and never delivers it loses events silently.',
  isolation: 'shared',
  async run(lab) {
    const witness = await lab.witness({ keepTexts: 'own' });
    for (const type of UNLISTED_TYPES) {
      const event = encodeGolden(lab, { type, payloadText: '{"sagaId":"s"}' });
      const outcome = await lab.tryPublish([event], [witness]);
      if (!outcome.ok && outcome.kind !== 'refused')
        return lab.refusal(outcome, { expected: `the hub takes or refuses an event of type ${type}` });
      if (!outcome.ok) return skip(`the hub refuses the unknown type ${type}: ${outcome.problem}`);
      const difference = compareEnvelopes({ event, text: witness.record.texts.at(-1)?.text ?? 'null' });
      if (difference !== undefined)
        return fail({ expected: `the event of type ${type} unchanged`, got: difference }, FACTS);
    }
    return pass();
  },
};

export const extraTopLevelFields: Check = {
  id: 'envelope.extra-top-level-fields',
  chapter: 'envelope',
  title: 'what the hub does with fields beside type, appId and payload',
  level: 'info',
  clause: { source: 'protocol: Event Envelope', quote: 'Every message is a JSON object with this structure' },
  needs: ['broadcast'],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'The envelope has three fields. A hub that decodes events into a struct of these drops a fourth, one that forwards text keeps it. Both are correct; the answer matters to anybody who wants to add a field.',
  isolation: 'shared',
  async run(lab) {
    const witness = await lab.witness({ keepTexts: 'own' });
    const event = encodeGolden(lab, { payloadText: '{"sagaId":"s","message":"m"}' });
    const text = event.text.replace(/^\{/, '{"nornExtra":"kept",');
    const outcome = await lab.tryPublish([{ ...event, text }], [witness]);
    if (!outcome.ok && outcome.kind !== 'refused')
      return lab.refusal(outcome, { expected: 'the hub takes or refuses an event with a fourth field' });
    if (!outcome.ok) return pass({ measurements: { extraTopLevelFields: { value: 'refused' } } });
    const isKept = witness.record.texts.at(-1)?.text.includes('nornExtra') === true;
    return pass({ measurements: { extraTopLevelFields: { value: isKept ? 'kept' : 'dropped' } } });
  },
};
