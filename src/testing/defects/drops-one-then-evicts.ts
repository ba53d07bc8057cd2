// B27, subtle: the first event that does not fit is left out, only the next one evicts. A client that reads on in between has a hole.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const dropsOneThenEvicts: Defect = {
  id: 'drops-one-then-evicts',
  bugClass: 'B27',
  summary: 'an event that does not fit is left out once, before the client is evicted',
  severity: 'high',
  namedBy: { 'slow-client.depth': 'fail' },
  change: (hub) => {
    const warned = new WeakSet<HubClient>();
    return {
      overflow(client) {
        if (warned.has(client)) hub.hooks.evict(client);
        warned.add(client);
      },
    };
  },
};
