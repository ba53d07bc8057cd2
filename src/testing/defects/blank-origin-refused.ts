// B44, subtle: whether there is an Origin header is asked, not whether it says anything; an empty one has no host that
// could be local.
import type { Defect } from '../defect.ts';

export const blankOriginRefused: Defect = {
  id: 'blank-origin-refused',
  bugClass: 'B44',
  summary: 'clients that send an empty Origin header are refused',
  severity: 'advisory',
  namedBy: { 'origin.empty-allowed': 'warn' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) => values[0] !== '' && correct.isOriginAllowed(values, request),
  }),
};
