// B33: an evicted client's socket is closed without a Close frame. Its library reports 1006, as for a network fault.
import type { Defect } from '../defect.ts';

export const evictionWithoutClose: Defect = {
  id: 'eviction-without-close',
  bugClass: 'B33',
  summary: 'an evicted client is disconnected without a Close frame',
  severity: 'advisory',
  namedBy: { 'slow-client.says-why': 'warn' },
  change: (hub) => ({
    evict(client) {
      hub.counters.evictions += 1;
      hub.leave(client);
      hub.after(client, hub.options.evictionGraceMillis, () => client.socket.destroy());
    },
  }),
};
