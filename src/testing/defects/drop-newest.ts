// B15: what does not fit is thrown away (`default:` does nothing). Shows as: the stalled client stays connected and,
// once it reads, has a gap after its 65th outstanding event.
import type { Defect } from '../defect.ts';

export const dropNewest: Defect = {
  id: 'drop-newest',
  bugClass: 'B15',
  summary: 'events that do not fit a client queue are dropped, the client is kept',
  severity: 'high',
  namedBy: { 'slow-client.evicted': 'fail' },
  change: () => ({ overflow() {} }),
};
