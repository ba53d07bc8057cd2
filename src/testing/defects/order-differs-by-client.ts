// B21, subtle: every client gets every event, but two clients do not agree on the order: for each second client,
// neighbours in a burst change places.
import type { Defect } from '../defect.ts';
import type { HubClient, HubMessage } from '../hub/hub-client.ts';

export const orderDiffersByClient: Defect = {
  id: 'order-differs-by-client',
  bugClass: 'B21',
  summary: 'in bursts, every second client gets neighbouring events in the opposite order',
  severity: 'high',
  namedBy: { 'delivery.concurrent-producers': 'fail' },
  change(hub, correct) {
    const held = new WeakMap<HubClient, HubMessage>();
    return {
      async deliver(client, message) {
        const earlier = held.get(client);
        const isBurst = hub.broadcastQueue.length > 0;
        if (earlier === undefined && isBurst && client.id % 2 === 0) {
          held.set(client, message);
          return;
        }
        held.delete(client);
        await correct.deliver(client, message);
        if (earlier !== undefined) await correct.deliver(client, earlier);
      },
    };
  },
};
