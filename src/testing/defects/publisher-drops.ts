// B25: the broadcast channel has 16 places and a producer that finds it full goes on as if it had not (`select` with
// `default`). Shows as: all clients miss the same events of a burst, which was answered 202 in full.
import type { Defect } from '../defect.ts';

export const publisherDrops: Defect = {
  id: 'publisher-drops',
  bugClass: 'B25',
  summary: 'of a burst, all events after the first 16 or so are accepted and never sent',
  severity: 'high',
  namedBy: { 'delivery.concurrent-producers': 'fail', 'delivery.flood-without-gap': 'fail' },
  change: (hub) => ({
    async publish(texts) {
      for (const text of texts) if (hub.broadcastQueue.length < 16) await hub.accept(text);
      return { status: 202, body: { accepted: texts.length } };
    },
    breathe: () => new Promise<void>((resume) => hub.options.clock.after(1, resume)),
  }),
};
