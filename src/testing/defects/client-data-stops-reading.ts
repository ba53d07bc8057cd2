// B35, subtle: after a client's first message nobody reads from it any more: its pings and its Close go unanswered,
// events still arrive.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const clientDataStopsReading: Defect = {
  id: 'client-data-stops-reading',
  bugClass: 'B35',
  summary: 'after a client has sent a message, its pings are not answered any more',
  severity: 'medium',
  namedBy: { 'robustness.odd-but-legal': 'fail' },
  change(_hub, correct) {
    const isDeaf = new WeakSet<HubClient>();
    return {
      onMessage(client) {
        isDeaf.add(client);
        client.socket.pause();
      },
      onPing(client, payload, isInsideMessage) {
        if (!isDeaf.has(client)) correct.onPing(client, payload, isInsideMessage);
      },
      onClose(client, code) {
        if (!isDeaf.has(client)) correct.onClose(client, code);
      },
    };
  },
};
