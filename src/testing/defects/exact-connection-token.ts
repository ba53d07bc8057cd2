// B46 (handshake): `Connection` must be exactly `Upgrade`, so that `keep-alive, Upgrade`, which Firefox sends, is refused.
import type { Defect } from '../defect.ts';

export const exactConnectionToken: Defect = {
  id: 'exact-connection-token',
  bugClass: 'B46',
  summary: 'a handshake with "Connection: keep-alive, Upgrade" is refused',
  severity: 'medium',
  namedBy: { 'handshake.tokens-any-case': 'fail' },
  change: (_hub, correct) => ({
    refuseHandshake: (request) =>
      request.headers.connection === 'Upgrade'
        ? correct.refuseHandshake(request)
        : { status: 400, body: 'Connection is not Upgrade' },
  }),
};
