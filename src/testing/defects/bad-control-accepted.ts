// Robustness: control frames may be fragmented or longer than 125 bytes (RFC 6455 section 5.5 forbids both).
import type { Defect } from '../defect.ts';

export const badControlAccepted: Defect = {
  id: 'bad-control-accepted',
  bugClass: 'RFC',
  summary: 'fragmented and oversized control frames are accepted',
  severity: 'medium',
  namedBy: { 'robustness.bad-control-refused': 'fail' },
  change: (_hub, correct) => ({ readerRules: { ...correct.readerRules, refusesBadControl: false } }),
};
