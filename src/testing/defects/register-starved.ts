// B41: the run loop prefers broadcasts to registrations, so that a new client waits until traffic rests for a while.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const registerStarved: Defect = {
  id: 'register-starved',
  bugClass: 'B41',
  summary: 'while events flow, new clients get nothing',
  severity: 'medium',
  namedBy: { 'delivery.newcomers-while-busy': 'fail' },
  change(hub, correct) {
    let lastFanOutMicros = Number.NEGATIVE_INFINITY;
    const registerWhenIdle = (client: HubClient): void => {
      if (hub.options.clock.nowMicros() - lastFanOutMicros > 300_000) hub.clients.add(client);
      else hub.after(client, 20, () => registerWhenIdle(client));
    };
    return {
      fanOut(message) {
        lastFanOutMicros = hub.options.clock.nowMicros();
        return correct.fanOut(message);
      },
      admit(client, writeResponse) {
        writeResponse();
        registerWhenIdle(client);
      },
    };
  },
};
