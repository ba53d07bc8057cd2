// B24: a publication returns when every client has taken the event. One client that does not read holds every producer.
import type { Defect } from '../defect.ts';
import { outstandingMessages } from '../hub/hub-client.ts';

export const publisherWaits: Defect = {
  id: 'publisher-waits',
  bugClass: 'B24',
  summary: 'a broadcast request is answered only when every client has taken the event',
  severity: 'high',
  namedBy: { 'slow-client.evicted': 'fail' },
  change: (hub, correct) => ({
    async publish(texts) {
      const answer = await correct.publish(texts);
      await hub.flushed();
      while ([...hub.clients].some((client) => outstandingMessages(client) > 0))
        await new Promise<void>((resume) => hub.options.clock.after(5, resume));
      return answer;
    },
  }),
};
