// Builds envelopes for tests: numbered events, and one of every documented type.
import {
  DOCUMENTED_EVENT_TYPES,
  DOCUMENTED_PAYLOAD_FIELDS,
  type DocumentedEventType,
  type Envelope,
} from '../../protocol/envelope.ts';

const FIELD_VALUES: Readonly<Record<string, unknown>> = {
  step: 'build',
  sagaId: 'saga-1',
  status: 'running',
  message: '1 of 3 allocations healthy',
  imageTag: 'myapp:1.2.3',
  error: 'exit status 1',
  group: 'web',
  count: 3,
  executionId: 'exec-1',
};

/** A legal envelope of a documented type; `payload` adds or replaces fields. */
export function buildEnvelope(
  type: DocumentedEventType = 'deploy.step',
  payload: Readonly<Record<string, unknown>> = {},
  appId = 'myapp',
): Envelope {
  const documented = DOCUMENTED_PAYLOAD_FIELDS[type].map((field) => [field, FIELD_VALUES[field]]);
  return { type, appId, payload: { ...Object.fromEntries(documented), ...payload } };
}

/** One envelope of every documented type. */
export function buildEveryType(): Envelope[] {
  return DOCUMENTED_EVENT_TYPES.map((type) => buildEnvelope(type));
}

/** The JSON text of event number `sequence`, padded to about `payloadBytes`. */
export function buildNumberedText(sequence: number, payloadBytes = 0): string {
  const envelope = buildEnvelope('deploy.progress', { seq: sequence, message: 'x'.repeat(payloadBytes) });
  return JSON.stringify(envelope);
}

/** The number that `buildNumberedText` wrote into an event, or undefined when the text carries none. */
export function readNumber(text: string): number | undefined {
  const match = /"seq":(\d+)/.exec(text);
  return match === null ? undefined : Number(match[1]);
}
