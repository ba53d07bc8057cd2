// B03: an evicted client's channel is closed but the client stays in the map, so that the next broadcast sends on a
// closed channel. Shows as the process dying one event after an eviction.
import type { Defect } from '../defect.ts';

export const crashAfterEviction: Defect = {
  id: 'crash-after-eviction',
  bugClass: 'B03',
  summary: 'the process dies on the first event after an eviction',
  severity: 'critical',
  namedBy: { 'slow-client.evicted': 'fail' },
  change(hub, correct) {
    let hasClosedChannel = false;
    return {
      fanOut(message) {
        if (!hasClosedChannel) return correct.fanOut(message);
        hub.crash('panic: send on closed channel');
      },
      evict(client) {
        hasClosedChannel = true;
        correct.evict(client);
      },
    };
  },
};
