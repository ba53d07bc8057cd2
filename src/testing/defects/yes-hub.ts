// No hub at all: says yes to everything. 101 to any path, method, version and origin, 202 to any broadcast, and
// nothing is ever delivered.
import type { Defect } from '../defect.ts';
import { openClient, startReading, writeSwitching } from '../hub/handshake.ts';

export const yesHub: Defect = {
  id: 'yes-hub',
  bugClass: 'none',
  summary: 'answers 101 to every upgrade and 202 to every broadcast, and delivers nothing',
  severity: 'critical',
  namedBy: { 'delivery.every-client-once-in-order': 'fail' },
  change: (hub) => ({
    isOriginAllowed: () => true,
    refuseEvent: () => undefined,
    fanOut() {},
    handleUpgrade(request, socket, head) {
      const client = openClient(hub, request, socket);
      writeSwitching(hub, request, socket);
      startReading(hub, client, head);
    },
  }),
};
