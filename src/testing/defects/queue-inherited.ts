// B38, subtle: the queue of an evicted client goes back to a pool as it is, and the next client that comes gets it with
// what was still in it.
import type { Defect } from '../defect.ts';
import type { HubMessage } from '../hub/hub-client.ts';

export const queueInherited: Defect = {
  id: 'queue-inherited',
  bugClass: 'B38',
  summary: 'a client that joins after an eviction first gets what was still waiting for the evicted one',
  severity: 'high',
  namedBy: { 'slow-client.again-and-again': 'fail' },
  change(hub, correct) {
    const pool: (readonly HubMessage[])[] = [];
    return {
      evict(client) {
        pool.push([...client.queue]);
        correct.evict(client);
      },
      admit(client, writeResponse, request) {
        correct.admit(client, writeResponse, request);
        for (const message of pool.shift() ?? []) hub.enqueue(client, message);
      },
    };
  },
};
