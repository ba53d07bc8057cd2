// B25 as it is written most: the broadcast channel has its 256 places, and Broadcast throws the event away when they
// are taken (`select` with `default`). Shows only in a burst larger than the channel, which was answered 202 in full.
import { BROADCAST_BUFFER_EVENTS } from '../../protocol/limits.ts';
import type { Defect } from '../defect.ts';

export const publisherDropsWhenFull: Defect = {
  id: 'publisher-drops-when-full',
  bugClass: 'B25',
  summary: 'of a burst, what does not fit the broadcast channel is accepted and never sent',
  severity: 'high',
  namedBy: { 'delivery.flood-without-gap': 'fail' },
  change: (hub) => ({
    async publish(texts) {
      for (const text of texts)
        if (hub.broadcastQueue.length < BROADCAST_BUFFER_EVENTS) await hub.accept(text);
      return { status: 202, body: { accepted: texts.length } };
    },
  }),
};
