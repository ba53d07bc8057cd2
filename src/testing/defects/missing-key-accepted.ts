// B46 (handshake): a request without Sec-WebSocket-Key is answered 101.
import type { Defect } from '../defect.ts';

export const missingKeyAccepted: Defect = {
  id: 'missing-key-accepted',
  bugClass: 'B46',
  summary: 'a handshake without a key is accepted',
  severity: 'medium',
  namedBy: { 'handshake.key-required': 'fail' },
  change: (_hub, correct) => ({
    refuseHandshake(request) {
      request.headers['sec-websocket-key'] ??= 'AAAAAAAAAAAAAAAAAAAAAA==';
      return correct.refuseHandshake(request);
    },
  }),
};
