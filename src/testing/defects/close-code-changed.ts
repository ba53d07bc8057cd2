// B37, subtle: every Close is answered with 1005, which may never stand on the wire (RFC 6455 section 7.4.1).
import type { Defect } from '../defect.ts';

export const closeCodeChanged: Defect = {
  id: 'close-code-changed',
  bugClass: 'B37',
  summary: 'a Close is answered with the reserved code 1005',
  severity: 'medium',
  namedBy: { 'lifecycle.close-is-answered': 'fail' },
  change: (_hub, correct) => ({ onClose: (client) => correct.onClose(client, 1005) }),
};
