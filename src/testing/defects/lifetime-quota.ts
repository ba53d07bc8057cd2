// B39: the counter of queued messages is never counted down, so that every client is dropped after 64 messages in all.
import type { Defect } from '../defect.ts';

export const lifetimeQuota: Defect = {
  id: 'lifetime-quota',
  bugClass: 'B39',
  summary: 'every client is disconnected after 64 messages',
  severity: 'medium',
  namedBy: { 'robustness.pings-under-load': 'fail', 'delivery.thousand-events-to-one': 'fail' },
  change: (hub, correct) => ({
    deliver(client, message) {
      if (client.deliveredMessages >= 64) return hub.hooks.overflow(client, message);
      return correct.deliver(client, message);
    },
  }),
};
