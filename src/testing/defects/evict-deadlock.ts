// B02: the run loop evicts by sending to its own unregister channel, or takes a lock it holds already. Everything works
// until the first overflow; from then on nobody gets anything, and the slow client is not closed either.
import type { Defect } from '../defect.ts';

export const evictDeadlock: Defect = {
  id: 'evict-deadlock',
  bugClass: 'B02',
  summary: 'the first eviction stops the run loop for good',
  severity: 'critical',
  namedBy: { 'slow-client.evicted': 'fail' },
  change: () => ({ overflow: () => new Promise<void>(() => {}) }),
};
