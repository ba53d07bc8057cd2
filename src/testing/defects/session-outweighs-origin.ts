// B08, subtle: who sends a cookie is taken for logged in, and asked nothing more. The browser sends it for any page.
import type { Defect } from '../defect.ts';

export const sessionOutweighsOrigin: Defect = {
  id: 'session-outweighs-origin',
  bugClass: 'B08',
  summary: 'a foreign page is let in when its visitor has a cookie of the hub',
  severity: 'critical',
  namedBy: { 'origin.credentials-change-nothing': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      request.headers.cookie !== undefined || correct.isOriginAllowed(values, request),
  }),
};
