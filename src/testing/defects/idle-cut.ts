// B39 (a healthy client is lost): a deadline set once and never renewed ends every connection after five quiet seconds.

import type { Timer } from '../../time/clock.ts';
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const idleCut: Defect = {
  id: 'idle-cut',
  bugClass: 'B39',
  summary: 'a client that got no event for five seconds is disconnected',
  severity: 'medium',
  namedBy: { 'lifecycle.idle-is-kept': 'fail' },
  change(hub, correct) {
    const deadlines = new WeakMap<HubClient, Timer>();
    const renew = (client: HubClient): void => {
      deadlines.get(client)?.cancel();
      deadlines.set(
        client,
        hub.after(client, 5_000, () => hub.drop(client)),
      );
    };
    return {
      admit(client, writeResponse, request) {
        renew(client);
        correct.admit(client, writeResponse, request);
      },
      deliver(client, message) {
        renew(client);
        return correct.deliver(client, message);
      },
    };
  },
};
