// B46, subtle: a foreign origin is answered 403, and the socket is left open and never read.
import type { Defect } from '../defect.ts';

export const refusedButOpen: Defect = {
  id: 'refused-but-open',
  bugClass: 'B46',
  summary: 'a refused handshake is answered, and its connection kept open',
  severity: 'medium',
  namedBy: { 'origin.refusal-ends': 'warn' },
  change: (hub, correct) => ({
    handleUpgrade(request, socket, head) {
      const values = request.headersDistinct.origin ?? [];
      if (hub.hooks.isOriginAllowed(values, request)) {
        correct.handleUpgrade(request, socket, head);
        return;
      }
      socket.on('error', () => {});
      socket.resume();
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nforbidden');
    },
  }),
};
