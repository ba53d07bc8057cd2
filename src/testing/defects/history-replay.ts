// B38: a new client is sent the last five events.
import type { Defect } from '../defect.ts';
import type { HubMessage } from '../hub/hub-client.ts';

export const historyReplay: Defect = {
  id: 'history-replay',
  bugClass: 'B38',
  summary: 'a new client gets the last five events that were broadcast before it came',
  severity: 'medium',
  namedBy: { 'delivery.no-history': 'fail' },
  change(hub, correct) {
    const recent: HubMessage[] = [];
    return {
      fanOut(message) {
        recent.push(message);
        if (recent.length > 5) recent.shift();
        return correct.fanOut(message);
      },
      admit(client, writeResponse, request) {
        correct.admit(client, writeResponse, request);
        for (const message of recent) hub.enqueue(client, message);
      },
    };
  },
};
