// Robustness: a Ping inside a fragmented message is answered only when the message ends (RFC 6455 section 5.4 lets
// control frames stand between fragments).
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const pingWaitsForMessage: Defect = {
  id: 'ping-waits-for-message',
  bugClass: 'B36',
  summary: 'a Ping inside a fragmented message waits for the end of the message',
  severity: 'medium',
  namedBy: { 'robustness.ping-inside-message': 'fail' },
  change(_hub, correct) {
    const waiting = new WeakMap<HubClient, Buffer>();
    return {
      onPing(client, payload, isInsideMessage) {
        if (isInsideMessage) waiting.set(client, payload);
        else correct.onPing(client, payload, isInsideMessage);
      },
      onMessage(client) {
        const payload = waiting.get(client);
        waiting.delete(client);
        if (payload !== undefined) correct.onPing(client, payload, false);
      },
    };
  },
};
