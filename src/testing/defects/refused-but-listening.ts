// B08, subtle: the client is put into the set first; the answer says 403, and the events come all the same.
import type { Defect } from '../defect.ts';
import { openClient } from '../hub/handshake.ts';

export const refusedButListening: Defect = {
  id: 'refused-but-listening',
  bugClass: 'B08',
  summary: 'a refused page is answered 403 and then sent every event',
  severity: 'critical',
  namedBy: { 'origin.refusal-has-no-effect': 'fail' },
  change: (hub, correct) => ({
    handleUpgrade(request, socket, head) {
      const values = request.headersDistinct.origin ?? [];
      if (hub.hooks.isOriginAllowed(values, request)) {
        correct.handleUpgrade(request, socket, head);
        return;
      }
      const client = openClient(hub, request, socket);
      hub.clients.add(client);
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nforbidden');
      socket.resume();
    },
  }),
};
