// B35, subtle: what a client sends is taken for a subscription, and from then on it hears only of the app that it
// named. Common where a hub was written for clients that choose, and serves clients that only listen.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

const APP_ID = /"appId"\s*:\s*"[^"]*"/;

export const textChoosesApp: Defect = {
  id: 'text-chooses-app',
  bugClass: 'B35',
  summary: 'a client that sends an event hears of its app alone from then on',
  severity: 'medium',
  namedBy: { 'delivery.client-text-reaches-nobody': 'fail' },
  change(_hub, correct) {
    const chosen = new WeakMap<HubClient, string>();
    return {
      onMessage(client, _opcode, payload) {
        const [app] = APP_ID.exec(payload.toString()) ?? [];
        if (app !== undefined) chosen.set(client, app);
      },
      deliver(client, message) {
        const app = chosen.get(client);
        if (app === undefined || message.text.includes(app)) return correct.deliver(client, message);
      },
    };
  },
};
