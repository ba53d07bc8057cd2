// B42: on SIGTERM the sockets just end. Every client's library reports 1006.
import type { Defect } from '../defect.ts';

export const stopsWithoutClose: Defect = {
  id: 'stops-without-close',
  bugClass: 'B42',
  summary: 'a stop ends the connections without a Close frame',
  severity: 'advisory',
  namedBy: { 'lifecycle.graceful-stop': 'warn' },
  change: (hub) => ({
    async stop() {
      for (const client of hub.connections) hub.drop(client);
    },
  }),
};
