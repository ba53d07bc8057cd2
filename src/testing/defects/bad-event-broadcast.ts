// B50 (its opposite): what is not an envelope is accepted and broadcast as it is.
import type { Defect } from '../defect.ts';

export const badEventBroadcast: Defect = {
  id: 'bad-event-broadcast',
  bugClass: 'B50',
  summary: 'text that is not an envelope is accepted and broadcast',
  severity: 'medium',
  namedBy: { 'envelope.invalid-not-broadcast': 'warn' },
  change: () => ({ refuseEvent: () => undefined }),
};
