// B36, subtle: the Pong does not carry the Ping's payload (RFC 6455 section 5.5.3).
import type { Defect } from '../defect.ts';

export const pongWithoutPayload: Defect = {
  id: 'pong-without-payload',
  bugClass: 'B36',
  summary: 'pongs are empty, whatever the ping carried',
  severity: 'medium',
  namedBy: { 'robustness.pings-answered': 'fail' },
  change: (_hub, correct) => ({ onPing: (client) => correct.onPing(client, Buffer.alloc(0), false) }),
};
