// B08, subtle: an origin is trusted when its host is the Host of the request, the default of many libraries. A page on
// a name that its owner points at 127.0.0.1 (DNS rebinding) gets in.
import type { Defect } from '../defect.ts';

export const originEqualsHost: Defect = {
  id: 'origin-equals-host',
  bugClass: 'B08',
  summary: 'an origin is accepted when it names the same host as the request',
  severity: 'critical',
  namedBy: { 'origin.same-host-refused': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed(values, request) {
      const host = (values[0] ?? '').replace(/^[a-z]+:\/\//, '');
      return correct.isOriginAllowed(values, request) || host === request.headers.host;
    },
  }),
};
