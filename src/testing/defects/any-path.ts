// B46 (handshake): every path is the WebSocket's.
import type { Defect } from '../defect.ts';

export const anyPath: Defect = {
  id: 'any-path',
  bugClass: 'B46',
  summary: 'every path is answered 101',
  severity: 'medium',
  namedBy: { 'handshake.wrong-path': 'fail' },
  change: (_hub, correct) => ({
    refuseHandshake(request) {
      request.url = '/ws';
      return correct.refuseHandshake(request);
    },
  }),
};
