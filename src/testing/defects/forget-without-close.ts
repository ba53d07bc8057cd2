// B06: an overflowing client leaves the set and nobody closes its socket. Shows as: the connection stays established
// for good, answers pings, gets what was queued if it reads again, and never another event nor a Close.
import type { Defect } from '../defect.ts';

export const forgetWithoutClose: Defect = {
  id: 'forget-without-close',
  bugClass: 'B06',
  summary: 'an overflowing client is forgotten, its socket is never closed',
  severity: 'critical',
  namedBy: { 'slow-client.really-disconnected': 'fail' },
  change: (hub) => ({
    evict(client) {
      hub.counters.evictions += 1;
      hub.clients.delete(client);
    },
  }),
};
