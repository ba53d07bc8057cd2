// B44, subtle: the rule for local pages is a pattern, and whoever wrote it had only seen ports of four and five digits.
import type { Defect } from '../defect.ts';

const LOCAL_WITH_SHORT_PORT = /^[a-z][a-z0-9+.-]*:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):\d{1,3}$/i;

export const shortPortsRefused: Defect = {
  id: 'short-ports-refused',
  bugClass: 'B44',
  summary: 'local pages on a port below 1000 are refused',
  severity: 'medium',
  namedBy: { 'origin.generated': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      !LOCAL_WITH_SHORT_PORT.test(values[0] ?? '') && correct.isOriginAllowed(values, request),
  }),
};
