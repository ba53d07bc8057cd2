// Robustness: a Pong that was not asked for ends the connection (RFC 6455 section 5.5.3 allows it as a heartbeat).
import type { Defect } from '../defect.ts';

export const pongKills: Defect = {
  id: 'pong-kills',
  bugClass: 'B35',
  summary: 'a client that sends an unsolicited Pong is disconnected',
  severity: 'medium',
  namedBy: { 'robustness.odd-but-legal': 'fail' },
  change: (hub) => ({ onPong: (client) => hub.drop(client) }),
};
