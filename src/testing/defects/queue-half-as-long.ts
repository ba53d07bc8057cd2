// B40: half the declared number of messages, as where one constant was meant for two queues.
import type { Defect } from '../defect.ts';
import { outstandingMessages } from '../hub/hub-client.ts';

export const queueHalfAsLong: Defect = {
  id: 'queue-half-as-long',
  bugClass: 'B40',
  summary: 'a client is evicted when half of its declared buffer is full',
  severity: 'medium',
  namedBy: { 'slow-client.depth': 'fail' },
  change: (hub) => ({
    deliver(client, message) {
      if (client.phase !== 'open') return;
      const isHalfFull = outstandingMessages(client) > hub.options.clientBufferMessages / 2;
      if (isHalfFull) return hub.hooks.overflow(client, message);
      hub.enqueue(client, message);
    },
  }),
};
