// B09: the origin's host need only end like an allowed one, so that `http://evillocalhost` gets in, and
// `https://evilnorn.example.com` where `https://norn.example.com` is listed.
import type { Defect } from '../defect.ts';

export const originSuffix: Defect = {
  id: 'origin-suffix',
  bugClass: 'B09',
  summary: 'an origin is accepted when its host ends like an allowed one',
  severity: 'critical',
  namedBy: { 'origin.suffix-refused': 'fail' },
  change: (hub, correct) => ({
    isOriginAllowed(values, request) {
      const listed = hub.options.allowedOrigins.map((origin) => origin.replace(/^.*:\/\//, ''));
      const origin = (values[0] ?? '').replace(/:\d+$/, '');
      return (
        correct.isOriginAllowed(values, request) ||
        [...listed, 'localhost'].some((end) => origin.endsWith(end))
      );
    },
  }),
};
