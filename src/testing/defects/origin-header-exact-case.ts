// B08, subtle: headers are kept in a map as they came, and Origin is looked up as browsers write it. A proxy that speaks
// HTTP/2 on its other side writes all names in small letters, and behind it every page is let in.
import type { Defect } from '../defect.ts';

export const originHeaderExactCase: Defect = {
  id: 'origin-header-exact-case',
  bugClass: 'B08',
  summary: 'an Origin header whose name is written in small letters is not seen, and its page is let in',
  severity: 'critical',
  namedBy: { 'origin.header-any-case': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed(_values, request) {
      const { rawHeaders } = request;
      const seen = rawHeaders.filter((_text, at) => at % 2 === 1 && rawHeaders[at - 1] === 'Origin');
      return correct.isOriginAllowed(seen, request);
    },
  }),
};
