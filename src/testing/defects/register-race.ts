// B14, as it is met in the wild: registration goes through a channel after 101 and is late once in twenty times, by a
// few milliseconds.
import type { Defect } from '../defect.ts';

export const registerRace: Defect = {
  id: 'register-race',
  bugClass: 'B14',
  summary: 'one new client in twenty misses what is broadcast in the first 5 ms after 101',
  severity: 'advisory',
  namedBy: { 'measurement.register-race': 'warn' },
  change: (hub, correct) => ({
    admit(client, writeResponse, request) {
      if (hub.options.random() >= 0.05) {
        correct.admit(client, writeResponse, request);
        return;
      }
      writeResponse();
      hub.after(client, 5, () => hub.clients.add(client));
    },
  }),
};
