// B38, subtle: events broadcast while nobody is connected are kept for whoever comes first.
import type { Defect } from '../defect.ts';
import type { HubMessage } from '../hub/hub-client.ts';

export const heldForFirstClient: Defect = {
  id: 'held-for-first-client',
  bugClass: 'B38',
  summary: 'events broadcast while nobody is connected reach the next client',
  severity: 'medium',
  namedBy: { 'delivery.nobody-connected': 'fail' },
  change(hub, correct) {
    let held: HubMessage[] = [];
    return {
      fanOut(message) {
        if (hub.clients.size > 0) return correct.fanOut(message);
        held.push(message);
      },
      admit(client, writeResponse, request) {
        correct.admit(client, writeResponse, request);
        for (const message of held) hub.enqueue(client, message);
        held = [];
      },
    };
  },
};
