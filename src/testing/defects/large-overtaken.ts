// B21, subtle: large events are given to a goroutine of their own, and what is broadcast next overtakes them.
import type { Defect } from '../defect.ts';

const LARGE_BYTES = 32_768;
const WORK_MILLIS = 1;

export const largeOvertaken: Defect = {
  id: 'large-overtaken',
  bugClass: 'B21',
  summary: 'small events overtake a large one that was broadcast before them',
  severity: 'high',
  namedBy: { 'delivery.large-among-small': 'fail' },
  change: (hub, correct) => ({
    deliver(client, message) {
      if (message.frame.length < LARGE_BYTES) return correct.deliver(client, message);
      hub.after(client, WORK_MILLIS, () => void correct.deliver(client, message));
    },
  }),
};
