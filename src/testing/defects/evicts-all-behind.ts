// B04, subtle: whoever has some backlog when another client overflows is evicted with it, though its buffer has room.
import type { Defect } from '../defect.ts';
import { outstandingMessages } from '../hub/hub-client.ts';

/** Of a buffer. */
const BEHIND_SHARE = 0.25;

export const evictsAllBehind: Defect = {
  id: 'evicts-all-behind',
  bugClass: 'B04',
  summary: 'one client that overflows takes all that are a little behind with it',
  severity: 'high',
  namedBy: { 'slow-client.others-unharmed': 'fail' },
  change: (hub, correct) => ({
    evict(client) {
      const behindMessages = BEHIND_SHARE * hub.options.clientBufferMessages;
      for (const other of [...hub.clients])
        if (other !== client && outstandingMessages(other) > behindMessages) correct.evict(other);
      correct.evict(client);
    },
  }),
};
