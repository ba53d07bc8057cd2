// B24, subtle: producers are slowed down to the pace of whoever is furthest behind, a little for each event.
import type { Defect } from '../defect.ts';
import { outstandingMessages } from '../hub/hub-client.ts';

const PAUSE_MILLIS = 250;
const BEHIND_MESSAGES = 32;

export const publisherWaitsForLaggards: Defect = {
  id: 'publisher-waits-for-laggards',
  bugClass: 'B24',
  summary: 'while a client is half a buffer behind, every broadcast request takes 250 ms longer',
  severity: 'high',
  namedBy: { 'slow-client.producers-unharmed': 'fail' },
  change: (hub, correct) => ({
    async publish(texts) {
      const answer = await correct.publish(texts);
      if ([...hub.clients].some((client) => outstandingMessages(client) > BEHIND_MESSAGES))
        await new Promise<void>((resume) => hub.options.clock.after(PAUSE_MILLIS, resume));
      return answer;
    },
  }),
};
