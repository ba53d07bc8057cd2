// B03 (the process dies): after 200 broadcasts the process panics. Shows as every socket dropping at once, without a
// Close, and connections being refused from then on.
import type { Defect } from '../defect.ts';

const BROADCASTS_TO_LIVE = 200;

export const diesInTheMiddle: Defect = {
  id: 'dies-in-the-middle',
  bugClass: 'B03',
  summary: 'the process dies after 200 broadcasts',
  severity: 'critical',
  namedBy: { 'delivery.every-client-once-in-order': 'fail' },
  change: (hub, correct) => ({
    fanOut(message) {
      if (message.number >= BROADCASTS_TO_LIVE) return hub.crash('panic: send on closed channel');
      return correct.fanOut(message);
    },
  }),
};
