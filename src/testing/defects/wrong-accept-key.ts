// B46 (handshake): the accept key is computed without the GUID.

import { createHash } from 'node:crypto';
import type { Defect } from '../defect.ts';

export const wrongAcceptKey: Defect = {
  id: 'wrong-accept-key',
  bugClass: 'B46',
  summary: 'Sec-WebSocket-Accept is wrong',
  severity: 'medium',
  namedBy: { 'handshake.accept-key': 'fail' },
  change: () => ({ acceptKey: (key) => createHash('sha1').update(key).digest('base64') }),
};
