// B14: the client joins the set 250 ms after its 101 was written. What is broadcast in between is lost for it.
import type { Defect } from '../defect.ts';

export const registerLate: Defect = {
  id: 'register-late',
  bugClass: 'B14',
  summary: 'events broadcast within 250 ms after 101 never reach the new client',
  severity: 'high',
  namedBy: { 'measurement.register-race': 'warn' },
  change: (hub) => ({
    admit(client, writeResponse) {
      writeResponse();
      hub.after(client, 250, () => hub.clients.add(client));
    },
  }),
};
