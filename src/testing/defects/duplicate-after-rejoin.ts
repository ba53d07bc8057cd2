// B22, subtle: a client that comes back is registered beside its old entry, which was never removed, and gets every
// event twice. The first connection from an address gets it once.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const duplicateAfterRejoin: Defect = {
  id: 'duplicate-after-rejoin',
  bugClass: 'B22',
  summary: 'clients from an address that has disconnected before get every event twice',
  severity: 'high',
  namedBy: { 'model.random-programs': 'fail', 'delivery.leavers-change-nothing': 'fail' },
  change(_hub, correct) {
    const addressesThatLeft = new Set<string>();
    const registeredTwice = new WeakSet<HubClient>();
    return {
      admit(client, writeResponse, request) {
        if (addressesThatLeft.has(client.remoteAddress)) registeredTwice.add(client);
        correct.admit(client, writeResponse, request);
      },
      async deliver(client, message) {
        await correct.deliver(client, message);
        if (registeredTwice.has(client)) await correct.deliver(client, message);
      },
      onGone(client, error) {
        addressesThatLeft.add(client.remoteAddress);
        correct.onGone(client, error);
      },
    };
  },
};
