// B23: clients are kept by remote address, so that the second one of a host takes the first one's place, and the first
// stays connected and silent.
import type { Defect } from '../defect.ts';

export const identityByAddress: Defect = {
  id: 'identity-by-address',
  bugClass: 'B23',
  summary: 'of several clients from one address only the newest gets events',
  severity: 'high',
  namedBy: { 'delivery.many-from-one-address': 'fail' },
  change: (hub, correct) => ({
    admit(client, writeResponse, request) {
      for (const other of hub.clients)
        if (other.remoteAddress === client.remoteAddress) hub.clients.delete(other);
      correct.admit(client, writeResponse, request);
    },
  }),
};
