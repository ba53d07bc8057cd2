// B06, subtle: eviction ends the stream in order (shutdown, `socket.end()`) and trusts that the peer will do the rest.
// The end waits behind the data that is not read, so that the socket stays open for good.
import type { Defect } from '../defect.ts';

export const evictionOnlyHalfCloses: Defect = {
  id: 'eviction-only-half-closes',
  bugClass: 'B06',
  summary: 'an evicted client gets an end of stream that waits for ever behind unread data',
  severity: 'critical',
  namedBy: { 'slow-client.really-disconnected': 'fail' },
  change: (hub) => ({
    evict(client) {
      hub.counters.evictions += 1;
      hub.leave(client);
      client.queue.length = 0;
      client.socket.end();
    },
  }),
};
