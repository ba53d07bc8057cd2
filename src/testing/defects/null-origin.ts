// B10: `Origin: null` is let in, "for files and tests". A sandboxed frame on any page sends it.
import type { Defect } from '../defect.ts';

export const nullOrigin: Defect = {
  id: 'null-origin',
  bugClass: 'B10',
  summary: 'the origin "null" is accepted',
  severity: 'critical',
  namedBy: { 'origin.null-refused': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) => values[0] === 'null' || correct.isOriginAllowed(values, request),
  }),
};
