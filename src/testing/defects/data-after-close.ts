// B28 (bytes where none may be): a client that has said Close, and was answered, still gets events until the socket
// ends (RFC 6455 section 5.5.1).
import type { Defect } from '../defect.ts';
import { encodeClose } from '../hub/frames.ts';
import { LINGER_MILLIS } from '../hub/hookable-hub.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const dataAfterClose: Defect = {
  id: 'data-after-close',
  bugClass: 'B28',
  summary: 'events are sent after the Close frame',
  severity: 'high',
  namedBy: { 'lifecycle.nothing-after-close': 'fail' },
  change(hub, correct) {
    const closed = new Set<HubClient>();
    return {
      onClose(client, code) {
        client.socket.write(encodeClose(code));
        closed.add(client);
        hub.after(client, LINGER_MILLIS, () => client.socket.end());
      },
      async fanOut(message) {
        for (const client of closed) if (client.phase !== 'gone') client.socket.write(message.frame);
        await correct.fanOut(message);
      },
    };
  },
};
