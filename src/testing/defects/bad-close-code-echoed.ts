// Robustness: any close code is accepted and sent back, reserved ones too (RFC 6455 section 7.4).
import type { Defect } from '../defect.ts';

export const badCloseCodeEchoed: Defect = {
  id: 'bad-close-code-echoed',
  bugClass: 'B37',
  summary: 'reserved close codes are sent back',
  severity: 'advisory',
  namedBy: { 'robustness.bad-close-codes': 'warn' },
  change: (_hub, correct) => ({ readerRules: { ...correct.readerRules, refusesBadCloseCodes: false } }),
};
