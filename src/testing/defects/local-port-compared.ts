// B44: host and port are compared together, so that localhost is allowed only on the ports of the default list.
import type { Defect } from '../defect.ts';

export const localPortCompared: Defect = {
  id: 'local-port-compared',
  bugClass: 'B44',
  summary: 'local origins on ports other than 3000 and 5173 are refused',
  severity: 'medium',
  namedBy: { 'origin.local-hosts-allowed': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      (values[0] ?? '') === '' ||
      (/^(?!.*localhost)|:(3000|5173)$/.test(values[0] ?? '') && correct.isOriginAllowed(values, request)),
  }),
};
