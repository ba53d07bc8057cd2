// B40: 63 instead of 64. The 65th outstanding message evicts.
import type { Defect } from '../defect.ts';
import { outstandingMessages } from '../hub/hub-client.ts';

export const evictsOneEarly: Defect = {
  id: 'evicts-one-early',
  bugClass: 'B40',
  summary: 'a client is evicted one message too early',
  severity: 'medium',
  namedBy: { 'slow-client.depth': 'warn' },
  change: (hub) => ({
    deliver(client, message) {
      if (client.phase !== 'open') return;
      const isFullEarly = outstandingMessages(client) >= hub.options.clientBufferMessages;
      if (isFullEarly) return hub.hooks.overflow(client, message);
      hub.enqueue(client, message);
    },
  }),
};
