// B08: `CheckOrigin` returns true. Any web page can listen.
import type { Defect } from '../defect.ts';

export const anyOrigin: Defect = {
  id: 'any-origin',
  bugClass: 'B08',
  summary: 'every origin is accepted',
  severity: 'critical',
  namedBy: {
    'origin.foreign-refused': 'fail',
    'origin.generated': 'fail',
    'origin.header-any-case': 'fail',
    'origin.refused-with-403': 'warn',
  },
  change: () => ({ isOriginAllowed: () => true }),
};
