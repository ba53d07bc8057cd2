// B46 (handshake), subtle: the accept key is the RFC's example, whatever the client's key.
import type { Defect } from '../defect.ts';

export const constantAcceptKey: Defect = {
  id: 'constant-accept-key',
  bugClass: 'B46',
  summary: 'Sec-WebSocket-Accept is the same for every key',
  severity: 'medium',
  namedBy: { 'handshake.accept-key': 'fail' },
  change: () => ({ acceptKey: () => 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }),
};
