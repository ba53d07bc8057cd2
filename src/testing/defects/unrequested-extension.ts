// B46 (handshake): permessage-deflate is announced to clients that did not offer it.
import type { Defect } from '../defect.ts';

export const unrequestedExtension: Defect = {
  id: 'unrequested-extension',
  bugClass: 'B46',
  summary: 'an extension is announced that the client did not offer',
  severity: 'medium',
  namedBy: { 'handshake.no-unrequested-extension': 'fail' },
  change: () => ({ extraResponseHeaders: () => [['Sec-WebSocket-Extensions', 'permessage-deflate']] }),
};
