// B27: an evicted client is taken back once its queue has drained. Shows as prefix, gap, suffix on one connection.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

const RETURN_CHECK_MILLIS = 20;

export const postGap: Defect = {
  id: 'post-gap',
  bugClass: 'B27',
  summary: 'an evicted client gets later events once it reads again, after a gap',
  severity: 'high',
  namedBy: { 'slow-client.contiguous-prefix': 'fail' },
  change(hub) {
    function takeBackWhenDrained(client: HubClient): void {
      hub.after(client, RETURN_CHECK_MILLIS, () => {
        const isDrained = client.queue.length === 0 && client.inFlight === 'nothing';
        if (isDrained) hub.clients.add(client);
        else takeBackWhenDrained(client);
      });
    }
    return {
      evict(client) {
        hub.counters.evictions += 1;
        hub.clients.delete(client);
        takeBackWhenDrained(client);
      },
    };
  },
};
