// B35: a client that sends anything is closed (the read pump returns on the first message).
import type { Defect } from '../defect.ts';

export const clientDataKills: Defect = {
  id: 'client-data-kills',
  bugClass: 'B35',
  summary: 'a client that sends a message is disconnected',
  severity: 'medium',
  namedBy: { 'robustness.odd-but-legal': 'fail' },
  change: (hub) => ({ onMessage: (client) => hub.drop(client) }),
};
