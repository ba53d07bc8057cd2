// B40: 65 instead of 64. The 66th outstanding message is still taken.
import type { Defect } from '../defect.ts';
import { outstandingMessages } from '../hub/hub-client.ts';

export const evictsOneLate: Defect = {
  id: 'evicts-one-late',
  bugClass: 'B40',
  summary: 'a client is evicted one message too late',
  severity: 'medium',
  namedBy: { 'slow-client.depth': 'fail' },
  change: (hub, correct) => ({
    overflow(client, message) {
      if (outstandingMessages(client) > hub.options.clientBufferMessages + 1)
        return correct.overflow(client, message);
      hub.enqueue(client, message);
    },
  }),
};
