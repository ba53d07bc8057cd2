// B36: pings are not answered at all.
import type { Defect } from '../defect.ts';

export const pingUnanswered: Defect = {
  id: 'ping-unanswered',
  bugClass: 'B36',
  summary: 'pings are not answered',
  severity: 'medium',
  namedBy: { 'robustness.pings-answered': 'fail' },
  change: () => ({ onPing() {} }),
};
