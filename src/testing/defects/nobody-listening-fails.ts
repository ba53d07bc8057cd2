// B50 (the producer gets an error): a broadcast while nobody is connected is refused.
import type { Defect } from '../defect.ts';

export const nobodyListeningFails: Defect = {
  id: 'nobody-listening-fails',
  bugClass: 'B50',
  summary: 'a broadcast is answered 503 while no client is connected',
  severity: 'medium',
  namedBy: { 'delivery.nobody-connected': 'fail' },
  change: (hub, correct) => ({
    async publish(texts) {
      if (hub.clients.size === 0) return { status: 503, body: { error: 'no clients' } };
      return correct.publish(texts);
    },
  }),
};
