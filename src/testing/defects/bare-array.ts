// B30: every message is an array of one envelope.
import type { Defect } from '../defect.ts';

export const bareArray: Defect = {
  id: 'bare-array',
  bugClass: 'B30',
  summary: 'every message is a JSON array',
  severity: 'medium',
  namedBy: { 'envelope.fields': 'fail', 'envelope.one-object-per-message': 'fail' },
  change: (_hub, correct) => ({ encode: (text) => correct.encode(`[${text}]`) }),
};
