// B37: a client's Close is answered by ending the socket, without a Close frame.
import type { Defect } from '../defect.ts';

export const closeNotEchoed: Defect = {
  id: 'close-not-echoed',
  bugClass: 'B37',
  summary: 'a Close is not answered with a Close',
  severity: 'medium',
  namedBy: { 'lifecycle.close-is-answered': 'fail' },
  change: (hub) => ({ onClose: (client) => hub.drop(client) }),
};
