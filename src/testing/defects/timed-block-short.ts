// B05, subtle: the wait is 100 ms, which hides in the noise with one slow client and adds up to two seconds with
// twenty.
import type { Defect } from '../defect.ts';
import { isFull } from '../hub/hookable-hub.ts';

export const timedBlockShort: Defect = {
  id: 'timed-block-short',
  bugClass: 'B05',
  summary: 'every eviction stops the run loop for 100 ms, which adds up over many slow clients',
  severity: 'critical',
  namedBy: { 'slow-client.others-unharmed': 'fail' },
  change: (hub, correct) => ({
    async overflow(client, message) {
      await new Promise<void>((resume) => hub.options.clock.after(100, resume));
      if (isFull(hub, client)) await correct.overflow(client, message);
      else hub.enqueue(client, message);
    },
  }),
};
