// B40: 1,024 messages instead of 64, a common size of such channels.
import type { Defect } from '../defect.ts';
import { outstandingMessages } from '../hub/hub-client.ts';

export const queueSixteenFold: Defect = {
  id: 'queue-sixteen-fold',
  bugClass: 'B40',
  summary: 'a client is evicted after sixteen times the declared number of messages',
  severity: 'medium',
  namedBy: { 'slow-client.depth': 'fail' },
  change: (hub, correct) => ({
    overflow(client, message) {
      if (outstandingMessages(client) > hub.options.clientBufferMessages * 16)
        return correct.overflow(client, message);
      hub.enqueue(client, message);
    },
  }),
};
