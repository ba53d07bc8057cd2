// B43: after a stop the run loop is gone, and everything that talks to it blocks: new clients get 101 and nothing,
// broadcast requests are not answered, and the process stays.
import type { Defect } from '../defect.ts';
import { encodeClose } from '../hub/frames.ts';
import { LINGER_MILLIS } from '../hub/hookable-hub.ts';

export const undeadAfterStop: Defect = {
  id: 'undead-after-stop',
  bugClass: 'B43',
  summary: 'after SIGTERM the process stays, takes clients and serves nobody',
  severity: 'advisory',
  namedBy: { 'lifecycle.graceful-stop': 'warn' },
  change: (hub, correct) => ({
    listensAfterStop: true,
    publish: (texts) => (hub.isStopping ? new Promise(() => {}) : correct.publish(texts)),
    async stop() {
      for (const client of hub.connections) hub.sayFarewell(client, encodeClose(1001), LINGER_MILLIS);
      await new Promise<void>(() => {});
    },
  }),
};
