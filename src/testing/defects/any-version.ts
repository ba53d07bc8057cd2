// B46 (handshake): any Sec-WebSocket-Version is answered 101.
import type { Defect } from '../defect.ts';

export const anyVersion: Defect = {
  id: 'any-version',
  bugClass: 'B46',
  summary: 'any Sec-WebSocket-Version is accepted',
  severity: 'medium',
  namedBy: { 'handshake.version-refused': 'fail' },
  change: (_hub, correct) => ({
    refuseHandshake(request) {
      request.headers['sec-websocket-version'] = '13';
      return correct.refuseHandshake(request);
    },
  }),
};
