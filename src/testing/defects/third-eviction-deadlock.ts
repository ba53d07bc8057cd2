// B02, subtle: every eviction takes a slot that it never gives back, and the one after the last slot waits for ever.
import type { Defect } from '../defect.ts';

const SLOTS = 2;

export const thirdEvictionDeadlock: Defect = {
  id: 'third-eviction-deadlock',
  bugClass: 'B02',
  summary: 'the third eviction in the life of the hub stops the run loop for good',
  severity: 'critical',
  namedBy: { 'slow-client.again-and-again': 'fail' },
  change(_hub, correct) {
    let taken = 0;
    return {
      overflow(client, message) {
        taken += 1;
        return taken > SLOTS ? new Promise<void>(() => {}) : correct.overflow(client, message);
      },
    };
  },
};
