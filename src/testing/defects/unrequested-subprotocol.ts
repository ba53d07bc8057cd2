// B46 (handshake): a subprotocol is announced to clients that did not offer it.
import type { Defect } from '../defect.ts';

export const unrequestedSubprotocol: Defect = {
  id: 'unrequested-subprotocol',
  bugClass: 'B46',
  summary: 'a subprotocol is announced that the client did not offer',
  severity: 'medium',
  namedBy: { 'handshake.no-unrequested-subprotocol': 'fail' },
  change: () => ({ extraResponseHeaders: () => [['Sec-WebSocket-Protocol', 'norn.v1']] }),
};
