// B04, subtle: a loop for large events that ends one client too early.
import type { Defect } from '../defect.ts';

const LARGE_BYTES = 100_000;

export const largeMissesLast: Defect = {
  id: 'large-misses-last',
  bugClass: 'B04',
  summary: 'of several clients the one that joined last does not get large events',
  severity: 'high',
  namedBy: { 'delivery.large-among-small': 'fail' },
  change: (hub, correct) => ({
    deliver(client, message) {
      const isLast = hub.clients.size > 2 && [...hub.clients].at(-1) === client;
      if (isLast && message.frame.length > LARGE_BYTES) return;
      return correct.deliver(client, message);
    },
  }),
};
