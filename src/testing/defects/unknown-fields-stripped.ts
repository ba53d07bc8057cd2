// B30, subtle: the envelope is rebuilt from the fields the hub knows, at the top level. What a newer producer adds is
// lost, and the payload is kept.
import type { Defect } from '../defect.ts';

export const unknownFieldsStripped: Defect = {
  id: 'unknown-fields-stripped',
  bugClass: 'B30',
  summary: 'fields of the envelope besides type, appId and payload are lost',
  severity: 'medium',
  topics: ['envelope'],
  change: (_hub, correct) => ({
    encode(text) {
      const { type, appId, payload } = JSON.parse(text);
      return correct.encode(JSON.stringify({ type, appId, payload }));
    },
  }),
};
