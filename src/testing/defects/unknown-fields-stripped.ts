// B30, subtle: the payload is rebuilt from the fields the hub knows and whatever text there is besides. What a newer
// producer adds as a number or an object is lost.
import { DOCUMENTED_PAYLOAD_FIELDS, isDocumentedEventType } from '../../protocol/envelope.ts';
import type { Defect } from '../defect.ts';

export const unknownFieldsStripped: Defect = {
  id: 'unknown-fields-stripped',
  bugClass: 'B30',
  summary: 'payload fields that the protocol does not list are lost, unless they are text',
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
};
