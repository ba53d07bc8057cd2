// B12: the queue of a client grows without limit. Shows as: a stalled client is never disconnected and gets everything
// once it reads, while the hub's memory grows.
import type { Defect } from '../defect.ts';

export const neverEvict: Defect = {
  id: 'never-evict',
  bugClass: 'B12',
  summary: 'a stalled client is never evicted; its queue has no limit',
  severity: 'critical',
  namedBy: { 'slow-client.evicted': 'fail' },
  change: (hub) => ({ overflow: (client, message) => hub.enqueue(client, message) }),
};
