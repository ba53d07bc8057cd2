// B46 (handshake): a subprotocol is announced to clients that did not offer it.
import type { Defect } from '../defect.ts';

export const unrequestedSubprotocol: Defect = {
  id: 'unrequested-subprotocol',
  bugClass: 'B46',
  summary: 'a subprotocol is announced that the client did not offer',
  severity: 'medium',
  topics: ['handshake'],
  change: () => ({ extraResponseHeaders: () => [['Sec-WebSocket-Protocol', 'norn.v1']] }),
};
