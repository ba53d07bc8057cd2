// B46 (handshake), subtle: the path is compared from its end.
import type { Defect } from '../defect.ts';

export const anyDirectory: Defect = {
  id: 'any-directory',
  bugClass: 'B46',
  summary: 'every path that ends with /ws is answered 101',
  severity: 'medium',
  namedBy: { 'handshake.wrong-path': 'fail' },
  change: (_hub, correct) => ({
    refuseHandshake(request) {
      if (request.url?.endsWith('/ws')) request.url = '/ws';
      return correct.refuseHandshake(request);
    },
  }),
};
