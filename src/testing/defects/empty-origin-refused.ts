// B44: a client without an Origin header, such as the command line, is refused.
import type { Defect } from '../defect.ts';

export const emptyOriginRefused: Defect = {
  id: 'empty-origin-refused',
  bugClass: 'B44',
  summary: 'clients that send no Origin are refused',
  severity: 'medium',
  namedBy: { 'origin.absent-allowed': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed(values, request) {
      const isUpgrade = request.headers.upgrade !== undefined;
      return !(isUpgrade && (values[0] ?? '') === '') && correct.isOriginAllowed(values, request);
    },
  }),
};
