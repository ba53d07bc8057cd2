// B44 (over-strict): a handshake without credentials is answered 401. The protocol asks for none.
import type { Defect } from '../defect.ts';

export const needsCredentials: Defect = {
  id: 'needs-credentials',
  bugClass: 'B44',
  summary: 'a handshake without an Authorization header is answered 401',
  severity: 'medium',
  namedBy: { 'handshake.no-credentials': 'fail' },
  change: (_hub, correct) => ({
    refuseHandshake: (request) =>
      request.headers.authorization === undefined
        ? { status: 401, body: 'who are you', headers: [['WWW-Authenticate', 'Bearer']] }
        : correct.refuseHandshake(request),
  }),
};
