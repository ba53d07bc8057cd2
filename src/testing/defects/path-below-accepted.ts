// B46 (handshake), subtle: whatever is below the path of the hub is the hub.
import type { Defect } from '../defect.ts';

export const pathBelowAccepted: Defect = {
  id: 'path-below-accepted',
  bugClass: 'B46',
  summary: 'paths below /ws are answered 101',
  severity: 'medium',
  namedBy: { 'handshake.wrong-path': 'fail' },
  change: (_hub, correct) => ({
    refuseHandshake(request) {
      request.url = (request.url ?? '').replace(/^\/ws\/.*/, '/ws');
      return correct.refuseHandshake(request);
    },
  }),
};
