// B23, subtle: clients are told apart by a counter of one byte. After 256 of them a new one takes the place of an old one.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const idOfOneByte: Defect = {
  id: 'id-of-one-byte',
  bugClass: 'B23',
  summary: 'a client is silenced when 256 others have come and gone',
  severity: 'high',
  namedBy: { 'lifecycle.nothing-leaks': 'fail' },
  change: (hub, correct) => {
    const byId = new Map<number, HubClient>();
    let next = 0;
    return {
      admit(client, writeResponse, request) {
        const id = next++ & 0xff;
        const former = byId.get(id);
        if (former) hub.clients.delete(former);
        byId.set(id, client);
        correct.admit(client, writeResponse, request);
      },
    };
  },
};
