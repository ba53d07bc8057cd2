// B08, subtle: the origin is checked only when the browser marks the request as cross-site. Older browsers and plain
// ones do not send the mark, so that their pages get in.
import type { Defect } from '../defect.ts';

export const originIfBrowserSaysSo: Defect = {
  id: 'origin-if-browser-says-so',
  bugClass: 'B08',
  summary: 'a foreign origin is refused only when Sec-Fetch-Site says cross-site',
  severity: 'critical',
  namedBy: { 'origin.foreign-refused': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      request.headers['sec-fetch-site'] !== 'cross-site' || correct.isOriginAllowed(values, request),
  }),
};
