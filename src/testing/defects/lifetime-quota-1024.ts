// B39, subtle: the quota is 1,024 messages.
import type { Defect } from '../defect.ts';

export const lifetimeQuota1024: Defect = {
  id: 'lifetime-quota-1024',
  bugClass: 'B39',
  summary: 'every client is disconnected after 1,024 messages',
  severity: 'medium',
  namedBy: { 'delivery.thousand-events-to-one': 'fail' },
  change: (hub, correct) => ({
    deliver(client, message) {
      if (client.deliveredMessages >= 1_024) return hub.hooks.overflow(client, message);
      return correct.deliver(client, message);
    },
  }),
};
