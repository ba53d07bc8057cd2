// Robustness: a protocol violation of one client kills the process.
import type { Defect } from '../defect.ts';

export const badFrameCrashes: Defect = {
  id: 'bad-frame-crashes',
  bugClass: 'B11',
  summary: 'the process dies on an illegal frame',
  severity: 'critical',
  namedBy: { 'robustness.unmasked-refused': 'fail' },
  change: (hub) => ({ onViolation: (_client, _code, reason) => hub.crash(`panic: ${reason}`) }),
};
