// B12, subtle: there is a limit, and it is 4,096 messages. A stalled client costs that many times the largest event.
import type { Defect } from '../defect.ts';

export const queueOf4096: Defect = {
  id: 'queue-of-4096',
  bugClass: 'B12',
  summary: 'a stalled client is evicted only after 4,096 queued messages',
  severity: 'critical',
  namedBy: { 'slow-client.evicted': 'fail' },
  change: (hub, correct) => ({
    overflow(client, message) {
      if (client.queue.length > 4_096) return correct.overflow(client, message);
      hub.enqueue(client, message);
    },
  }),
};
