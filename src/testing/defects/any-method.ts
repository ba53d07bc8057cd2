// B46 (handshake): a POST that asks for an upgrade is answered 101.
import type { Defect } from '../defect.ts';

export const anyMethod: Defect = {
  id: 'any-method',
  bugClass: 'B46',
  summary: 'a handshake may use any method',
  severity: 'medium',
  namedBy: { 'handshake.get-only': 'fail' },
  change: (_hub, correct) => ({
    refuseHandshake(request) {
      request.method = 'GET';
      return correct.refuseHandshake(request);
    },
  }),
};
