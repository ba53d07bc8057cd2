// B33, subtle: the Close of an eviction goes out at once, before what is queued (RFC 6455 section 5.5.1 allows no data after it).
import type { Defect } from '../defect.ts';
import { encodeClose } from '../hub/frames.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const closeOvertakesQueue: Defect = {
  id: 'close-overtakes-queue',
  bugClass: 'B33',
  summary: 'an evicted client gets the Close first and its queued events afterwards',
  severity: 'medium',
  namedBy: { 'slow-client.contiguous-prefix': 'fail' },
  change: (hub, correct) => {
    const evicted = new WeakSet<HubClient>();
    return {
      evict(client) {
        hub.counters.evictions += 1;
        evicted.add(client);
        hub.leave(client);
        // Control frames are written before messages.
        client.pendingPong = encodeClose(1013, 'slow consumer');
        hub.after(client, hub.options.evictionGraceMillis, () => hub.drop(client));
      },
      onClose(client, code) {
        if (!evicted.has(client)) correct.onClose(client, code);
      },
    };
  },
};
