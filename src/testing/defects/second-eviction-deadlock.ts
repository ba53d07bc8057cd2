// B02, subtle: the unregister channel holds one entry, so that one eviction per event works and a second one on the
// same event waits for the loop that is waiting for it.
import type { Defect } from '../defect.ts';

export const secondEvictionDeadlock: Defect = {
  id: 'second-eviction-deadlock',
  bugClass: 'B02',
  summary: 'two clients overflowing on the same event stop the run loop for good; one alone does not',
  severity: 'critical',
  namedBy: { 'slow-client.others-unharmed': 'fail' },
  change(_hub, correct) {
    let evictedOn = -1;
    return {
      overflow(client, message) {
        if (evictedOn === message.number) return new Promise<void>(() => {});
        evictedOn = message.number;
        return correct.overflow(client, message);
      },
    };
  },
};
