// B37, subtle: the Close is answered, but the server does not end the TCP connection (RFC 6455 section 7.1.1 asks it to).
import type { Defect } from '../defect.ts';
import { encodeClose } from '../hub/frames.ts';

export const openAfterClose: Defect = {
  id: 'open-after-close',
  bugClass: 'B37',
  summary: 'after the closing handshake the hub keeps the TCP connection open',
  severity: 'medium',
  namedBy: { 'lifecycle.close-is-answered': 'fail' },
  change: (hub) => ({
    onClose(client, code) {
      hub.leave(client);
      client.socket.write(encodeClose(code));
    },
  }),
};
