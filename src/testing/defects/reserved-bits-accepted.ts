// Robustness: reserved bits are ignored (RFC 6455 section 5.2 says the connection must fail).
import type { Defect } from '../defect.ts';

export const reservedBitsAccepted: Defect = {
  id: 'reserved-bits-accepted',
  bugClass: 'RFC',
  summary: 'frames with reserved bits are accepted',
  severity: 'medium',
  namedBy: { 'robustness.reserved-bits-refused': 'fail' },
  change: (_hub, correct) => ({ readerRules: { ...correct.readerRules, refusesReservedBits: false } }),
};
