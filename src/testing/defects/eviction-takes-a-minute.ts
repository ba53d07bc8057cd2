// B07, subtle: the deadline is there and far too long. An evicted client that does not read keeps its descriptor and its
// queue for a minute.
import type { Defect } from '../defect.ts';
import { encodeClose } from '../hub/frames.ts';

export const evictionTakesAMinute: Defect = {
  id: 'eviction-takes-a-minute',
  bugClass: 'B07',
  summary: 'the socket of an evicted client is closed after a minute',
  severity: 'critical',
  namedBy: { 'slow-client.really-disconnected': 'fail' },
  change: (hub) => ({
    evict(client) {
      hub.counters.evictions += 1;
      hub.sayFarewell(client, encodeClose(1013, 'slow consumer'), 60_000);
    },
  }),
};
