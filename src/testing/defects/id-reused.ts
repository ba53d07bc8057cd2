// B23, subtle: a client's id is the number of clients connected, so that after one has left, the next to join takes the
// id and the place of another.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const idReused: Defect = {
  id: 'id-reused',
  bugClass: 'B23',
  summary: 'after a client has left, a new one silences one that is still there',
  severity: 'high',
  namedBy: { 'delivery.many-from-one-address': 'fail' },
  change(hub, correct) {
    const byId = new Map<number, HubClient>();
    return {
      admit(client, writeResponse, request) {
        const replaced = byId.get(byId.size);
        if (replaced !== undefined) hub.clients.delete(replaced);
        byId.set(byId.size, client);
        correct.admit(client, writeResponse, request);
      },
      onGone(client, error) {
        for (const [id, holder] of byId) if (holder === client) byId.delete(id);
        correct.onGone(client, error);
      },
    };
  },
};
