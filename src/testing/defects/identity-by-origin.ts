// B23: one client for each Origin, so that a second tab of the dashboard takes the place of the first, which stays
// connected and silent. Clients without an Origin are told apart.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const identityByOrigin: Defect = {
  id: 'identity-by-origin',
  bugClass: 'B23',
  summary: 'of several pages of one origin only the newest gets events',
  severity: 'high',
  namedBy: { 'delivery.many-from-one-address': 'fail' },
  change: (hub, correct) => {
    const newest = new Map<string, HubClient>();
    return {
      admit(client, writeResponse, request) {
        const { origin } = request.headers;
        if (origin) {
          const other = newest.get(origin);
          if (other !== undefined) hub.clients.delete(other);
          newest.set(origin, client);
        }
        correct.admit(client, writeResponse, request);
      },
    };
  },
};
