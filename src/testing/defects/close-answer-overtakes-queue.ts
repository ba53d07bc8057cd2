// B37, subtle: the answer to a Close goes past what is queued, and the writer goes on with the queue (RFC 6455 section 5.5.1
// allows no data after it). Shows only with a client that closes before it has read everything.
import type { Defect } from '../defect.ts';
import { encodeClose } from '../hub/frames.ts';
import { LINGER_MILLIS } from '../hub/hookable-hub.ts';

export const closeAnswerOvertakesQueue: Defect = {
  id: 'close-answer-overtakes-queue',
  bugClass: 'B37',
  summary: 'a client that closes while events wait for it gets them after the answer to its Close',
  severity: 'medium',
  namedBy: { 'lifecycle.nothing-after-close': 'fail' },
  change: (hub) => ({
    onClose(client, code) {
      hub.leave(client);
      // Control frames are written before messages.
      client.pendingPong = encodeClose(code);
      hub.pump(client);
      hub.after(client, LINGER_MILLIS, () => hub.drop(client));
    },
  }),
};
