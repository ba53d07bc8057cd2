// B01: the run loop sends into a full client queue and waits (`c.send <- m` without default), so that one client that
// does not read stops every other. Shows as: healthy readers get 65 more events, then nothing, until it reads.
import type { Defect } from '../defect.ts';
import { isFull } from '../hub/hookable-hub.ts';

const POLL_MILLIS = 5;

export const headOfLineBlock: Defect = {
  id: 'head-of-line-block',
  bugClass: 'B01',
  summary: 'a client with a full queue stops delivery to everybody',
  severity: 'critical',
  namedBy: { 'slow-client.evicted': 'fail' },
  change: (hub) => ({
    async overflow(client, message) {
      while (client.phase === 'open' && isFull(hub, client))
        await new Promise<void>((resume) => hub.options.clock.after(POLL_MILLIS, resume));
      if (client.phase === 'open') hub.enqueue(client, message);
    },
  }),
};
