// Robustness: reserved opcodes are ignored (RFC 6455 section 5.2 says the connection must fail).
import type { Defect } from '../defect.ts';

export const reservedOpcodesAccepted: Defect = {
  id: 'reserved-opcodes-accepted',
  bugClass: 'RFC',
  summary: 'frames with reserved opcodes are accepted',
  severity: 'medium',
  namedBy: { 'robustness.reserved-opcodes-refused': 'fail' },
  change: (_hub, correct) => ({ readerRules: { ...correct.readerRules, refusesReservedOpcodes: false } }),
};
