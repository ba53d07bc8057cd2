// B30: the payload was encoded twice, and is a string that contains JSON.
import type { Defect } from '../defect.ts';

export const payloadAsText: Defect = {
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
};
