// Robustness, subtle: a protocol violation of one client ends all connections; the process lives.
import type { Defect } from '../defect.ts';

export const badFrameDropsEveryone: Defect = {
  id: 'bad-frame-drops-everyone',
  bugClass: 'B11',
  summary: 'an illegal frame from one client disconnects everybody',
  severity: 'critical',
  namedBy: { 'robustness.unmasked-refused': 'fail' },
  change: (hub) => ({
    onViolation() {
      for (const client of hub.connections) hub.drop(client);
    },
  }),
};
