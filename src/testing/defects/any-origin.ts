// B08: `CheckOrigin` returns true. Any web page can listen.
import type { Defect } from '../defect.ts';

export const anyOrigin: Defect = {
  id: 'any-origin',
  bugClass: 'B08',
  summary: 'every origin is accepted',
  severity: 'critical',
  topics: ['origin'],
  change: () => ({ isOriginAllowed: () => true }),
};
