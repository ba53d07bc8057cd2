// B05: instead of giving up at once, the run loop waits a second for a full queue (`case <-time.After(time.Second)`).
// Shows as a spike of a second for every healthy client, and another one for every further slow client.
import type { Defect } from '../defect.ts';
import { isFull } from '../hub/hookable-hub.ts';

export const timedBlock: Defect = {
  id: 'timed-block',
  bugClass: 'B05',
  summary: 'every eviction stops the run loop for a second',
  severity: 'critical',
  namedBy: { 'slow-client.others-unharmed': 'fail' },
  change: (hub, correct) => ({
    async overflow(client, message) {
      await new Promise<void>((resume) => hub.options.clock.after(1_000, resume));
      if (isFull(hub, client)) await correct.overflow(client, message);
      else hub.enqueue(client, message);
    },
  }),
};
