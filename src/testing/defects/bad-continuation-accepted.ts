// Robustness: a continuation of nothing, and a new message inside a fragmented one, are accepted (RFC 6455 section 5.4).
import type { Defect } from '../defect.ts';

export const badContinuationAccepted: Defect = {
  id: 'bad-continuation-accepted',
  bugClass: 'RFC',
  summary: 'continuations without a start and messages inside messages are accepted',
  severity: 'medium',
  namedBy: { 'robustness.bad-continuation-refused': 'fail' },
  change: (_hub, correct) => ({ readerRules: { ...correct.readerRules, refusesBadContinuation: false } }),
};
