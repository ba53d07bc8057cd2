// B39, subtle: the quota is 500 messages.
import type { Defect } from '../defect.ts';

export const lifetimeQuota500: Defect = {
  id: 'lifetime-quota-500',
  bugClass: 'B39',
  summary: 'every client is disconnected after 500 messages',
  severity: 'medium',
  namedBy: { 'delivery.thousand-events-to-one': 'fail' },
  change: (hub, correct) => ({
    deliver(client, message) {
      if (client.deliveredMessages >= 500) return hub.hooks.overflow(client, message);
      return correct.deliver(client, message);
    },
  }),
};
