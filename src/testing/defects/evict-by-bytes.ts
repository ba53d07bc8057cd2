// B12, subtle: the queue is limited by bytes alone (256 MiB), so that with small events it has no limit worth the name.
import type { Defect } from '../defect.ts';

export const evictByBytes: Defect = {
  id: 'evict-by-bytes',
  bugClass: 'B12',
  summary: 'a stalled client is evicted only after 256 MiB are queued, however many messages that is',
  severity: 'critical',
  namedBy: { 'slow-client.evicted': 'fail' },
  change: (hub, correct) => ({
    overflow(client, message) {
      const queuedBytes = client.queue.reduce((bytes, queued) => bytes + queued.frame.length, 0);
      if (queuedBytes > 256 * 1_048_576) return correct.overflow(client, message);
      hub.enqueue(client, message);
    },
  }),
};
