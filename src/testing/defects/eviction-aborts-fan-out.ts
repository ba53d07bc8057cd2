// B04: the loop over the clients is left (`break`, `return`) after an eviction. Clients come in random order, as in a Go
// map. Shows as: some healthy clients miss exactly the event on which another was evicted, and get all later ones.
import type { Defect } from '../defect.ts';

export const evictionAbortsFanOut: Defect = {
  id: 'eviction-aborts-fan-out',
  bugClass: 'B04',
  summary: 'the event that evicts a client does not reach the clients behind it',
  severity: 'critical',
  namedBy: { 'slow-client.others-unharmed': 'fail' },
  change: (hub) => ({
    async fanOut(message) {
      const order = [...hub.clients].map((client) => ({ client, rank: hub.options.random() }));
      for (const { client } of order.sort((left, right) => left.rank - right.rank)) {
        const evictionsBefore = hub.counters.evictions;
        await hub.hooks.deliver(client, message);
        if (hub.counters.evictions > evictionsBefore) return;
      }
    },
  }),
};
