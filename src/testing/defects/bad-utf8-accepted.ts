// Robustness: texts are passed on as bytes, and nobody looks whether they are UTF-8 (RFC 6455 section 8.1). Common: a
// library that leaves the check to its user, who does not know.
import type { Defect } from '../defect.ts';

export const badUtf8Accepted: Defect = {
  id: 'bad-utf8-accepted',
  bugClass: 'RFC',
  summary: 'a text from a client that is not UTF-8 is taken',
  severity: 'advisory',
  namedBy: { 'robustness.bad-utf8': 'warn' },
  change: (_hub, correct) => ({ readerRules: { ...correct.readerRules, refusesBadUtf8: false } }),
};
