// Robustness: frames from a client need not be masked (RFC 6455 section 5.1 says the server must close).
import type { Defect } from '../defect.ts';

export const unmaskedAccepted: Defect = {
  id: 'unmasked-accepted',
  bugClass: 'RFC',
  summary: 'unmasked frames from a client are accepted',
  severity: 'medium',
  namedBy: { 'robustness.unmasked-refused': 'fail' },
  change: (_hub, correct) => ({ readerRules: { ...correct.readerRules, requiresMask: false } }),
};
