// B22: two pumps for one client, or one client registered twice, deliver the same event twice. Shows as the same
// sequence number twice in a row, about 2 in 100 deliveries.
import type { Defect } from '../defect.ts';

export const duplicate: Defect = {
  id: 'duplicate',
  bugClass: 'B22',
  summary: 'about 2 in 100 events reach a client twice',
  severity: 'high',
  namedBy: { 'delivery.every-client-once-in-order': 'fail' },
  change: (hub, correct) => ({
    deliver(client, message) {
      if (hub.options.random() < 0.02) correct.deliver(client, message);
      return correct.deliver(client, message);
    },
  }),
};
