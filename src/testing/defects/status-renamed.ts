// B30, subtle: the step status `complete` goes out as `completed`.
import type { Defect } from '../defect.ts';

export const statusRenamed: Defect = {
  id: 'status-renamed',
  bugClass: 'B30',
  summary: 'the step status complete is sent as completed',
  severity: 'medium',
  namedBy: { 'envelope.documented-types': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) => correct.encode(text.replace(/("status"\s*:\s*)"complete"/, '$1"completed"')),
  }),
};
