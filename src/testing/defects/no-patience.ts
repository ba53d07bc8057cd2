// B40: a full socket counts as a slow client, and the queue that was made for it is hardly used.
import type { Defect } from '../defect.ts';
import { outstandingMessages } from '../hub/hub-client.ts';

const PATIENCE_MESSAGES = 8;

export const noPatience: Defect = {
  id: 'no-patience',
  bugClass: 'B40',
  summary: 'a client that is a few messages behind is disconnected',
  severity: 'high',
  namedBy: { 'slow-client.fast-enough-is-kept': 'fail', 'slow-client.depth': 'fail' },
  change: (hub) => ({
    deliver(client, message) {
      if (client.phase !== 'open') return;
      if (outstandingMessages(client) > PATIENCE_MESSAGES) return hub.hooks.overflow(client, message);
      hub.enqueue(client, message);
    },
  }),
};
