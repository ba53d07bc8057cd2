// Envelope: fields or whole events are missing or have another name or shape (B16, B25, B30).
import { DOCUMENTED_PAYLOAD_FIELDS, isDocumentedEventType } from '../../../protocol/envelope.ts';
import type { Defect } from '../../defect.ts';
import { encodeFrame, OPCODE } from '../../hub/frames.ts';
import type { HubMessage } from '../../hub/hub-client.ts';
import { encodesAs } from '../shared-changes.ts';

function sagaOf({ text }: HubMessage): string | undefined {
  const { type, appId, payload } = JSON.parse(text);
  return type === 'deploy.progress' && payload.sagaId ? JSON.stringify([appId, payload.sagaId]) : undefined;
}

export const FIELDS_LOST_OR_RENAMED: readonly Defect[] = [
  // The name of a Go field without its JSON tag.
  {
    id: 'app-id-renamed',
    bugClass: 'B30',
    summary: 'the field appId is called appID',
    severity: 'medium',
    namedBy: { 'envelope.fields': 'fail' },
    change: encodesAs((text) => text.replace('"appId"', '"appID"')),
  },
  // As seen in production, in `function.completed`.
  {
    id: 'execution-id-renamed',
    bugClass: 'B30',
    summary: 'the payload field executionId is called execId',
    severity: 'medium',
    namedBy: { 'envelope.documented-types': 'fail' },
    change: encodesAs((text) => text.replaceAll('"executionId"', '"execId"')),
  },
  {
    id: 'status-renamed',
    bugClass: 'B30',
    summary: 'the step status complete is sent as completed',
    severity: 'medium',
    namedBy: { 'envelope.documented-types': 'fail' },
    change: encodesAs((text) => text.replace(/("status"\s*:\s*)"complete"/, '$1"completed"')),
  },
  // The payload is encoded twice.
  {
    id: 'payload-as-text',
    bugClass: 'B30',
    summary: 'the payload is a string that contains JSON',
    severity: 'medium',
    namedBy: { 'envelope.fields': 'fail' },
    change: (_hub, correct) => ({
      encode(text) {
        const envelope = JSON.parse(text);
        return correct.encode(JSON.stringify({ ...envelope, payload: JSON.stringify(envelope.payload) }));
      },
    }),
  },
  {
    id: 'bare-array',
    bugClass: 'B30',
    summary: 'every message is a JSON array',
    severity: 'medium',
    namedBy: { 'envelope.fields': 'fail', 'envelope.one-object-per-message': 'fail' },
    change: encodesAs((text) => `[${text}]`),
  },
  // As in many tutorials.
  {
    id: 'greets-in-words',
    bugClass: 'B30',
    summary: 'the first message that a client gets is the word "connected"',
    severity: 'medium',
    namedBy: { 'envelope.one-object-per-message': 'fail' },
    change: (hub, correct) => ({
      admit(client, writeResponse, request) {
        correct.admit(client, writeResponse, request);
        hub.enqueue(client, {
          text: 'connected',
          frame: encodeFrame(OPCODE.text, Buffer.from('connected')),
          number: -1,
        });
      },
    }),
  },
  // `omitempty` on the field.
  {
    id: 'empty-app-id-omitted',
    bugClass: 'B30',
    summary: 'an empty appId is left out',
    severity: 'medium',
    namedBy: { 'envelope.empty-values': 'fail' },
    change: encodesAs((text) => text.replace(/"appId"\s*:\s*""\s*,/, '')),
  },
  // At any depth.
  {
    id: 'nulls-dropped',
    bugClass: 'B30',
    summary: 'fields whose value is null are missing',
    severity: 'medium',
    namedBy: { 'envelope.nested-values': 'fail' },
    change: encodesAs((text) =>
      text.replace(/"[^"\\]*"\s*:\s*null\s*,|,\s*"[^"\\]*"\s*:\s*null(?=\s*})/g, ''),
    ),
  },
  // The payload is rebuilt from the known fields. Numbers and objects that a newer producer adds are lost.
  {
    id: 'unknown-fields-stripped',
    bugClass: 'B30',
    summary: 'payload fields that the protocol does not list are lost, unless they are strings',
    severity: 'medium',
    namedBy: { 'envelope.unknown-fields': 'fail' },
    change: (_hub, correct) => ({
      encode(text) {
        const event = JSON.parse(text) as { type: string; payload: Record<string, unknown> };
        if (!isDocumentedEventType(event.type)) return correct.encode(text);
        const known: readonly string[] = DOCUMENTED_PAYLOAD_FIELDS[event.type];
        const isKept = ([field, value]: [string, unknown]): boolean =>
          known.includes(field) || typeof value === 'string';
        const payload = Object.fromEntries(Object.entries(event.payload).filter(isKept));
        return correct.encode(JSON.stringify({ ...event, payload }));
      },
    }),
  },
  {
    id: 'unknown-types-dropped',
    bugClass: 'B30',
    summary: 'events of types that the protocol does not list are accepted and never sent',
    severity: 'medium',
    namedBy: { 'envelope.unknown-types': 'fail' },
    change: (_hub, correct) => ({
      fanOut: (message) =>
        isDocumentedEventType(JSON.parse(message.text).type) ? correct.fanOut(message) : undefined,
    }),
  },
  // A wrong filter: a deploy fails, and its failing step is missing.
  {
    id: 'failed-status-dropped',
    bugClass: 'B25',
    summary: 'deploy.step events with the status failed are accepted and never sent',
    severity: 'high',
    namedBy: { 'envelope.documented-types': 'fail', 'lifecycle.scenarios-arrive': 'fail' },
    change: (_hub, correct) => ({
      fanOut: (message) =>
        /"status"\s*:\s*"failed"/.test(message.text) && message.text.includes('"deploy.step"')
          ? undefined
          : correct.fanOut(message),
    }),
  },
  // Newer progress of the same saga replaces queued progress.
  {
    id: 'progress-conflated',
    bugClass: 'B16',
    summary: 'a client that is behind gets only the last of several progress messages of a saga',
    severity: 'high',
    namedBy: { 'envelope.queued-not-merged': 'fail' },
    change: (_hub, correct) => ({
      deliver(client, message) {
        const saga = sagaOf(message);
        const at = client.queue.findIndex((waiting) => saga !== undefined && sagaOf(waiting) === saga);
        if (at === -1) return correct.deliver(client, message);
        client.queue[at] = message;
      },
    }),
  },
  // A buffer of 64 KiB.
  {
    id: 'large-payload-cut',
    bugClass: 'B30',
    summary: 'events over 64 KiB are cut',
    severity: 'medium',
    namedBy: { 'envelope.large-payload': 'fail' },
    change: encodesAs((text) => text.slice(0, 65_536)),
  },
  {
    id: 'large-payload-lost',
    bugClass: 'B30',
    summary: 'events over 512 KiB are accepted and never sent',
    severity: 'high',
    namedBy: { 'envelope.large-payload': 'fail' },
    change: (_hub, correct) => ({
      fanOut: (message) => (message.frame.length > 524_288 ? undefined : correct.fanOut(message)),
    }),
  },
];
