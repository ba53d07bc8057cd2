// B23 (place taken): the table of clients has nine places; whoever comes later gets 101 and then nothing.
import type { Defect } from '../defect.ts';

export const tenthClientMute: Defect = {
  id: 'tenth-client-mute',
  bugClass: 'B23',
  summary: 'the tenth client and all later ones get 101 and no events',
  severity: 'high',
  namedBy: { 'delivery.many-from-one-address': 'fail' },
  change: (hub, correct) => ({
    admit(client, writeResponse, request) {
      if (hub.clients.size >= 9) writeResponse();
      else correct.admit(client, writeResponse, request);
    },
  }),
};
