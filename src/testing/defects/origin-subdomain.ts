// B09, subtle: any name under localhost counts as local, as in `*.localhost`.
import type { Defect } from '../defect.ts';

export const originSubdomain: Defect = {
  id: 'origin-subdomain',
  bugClass: 'B09',
  summary: 'an origin on a name that ends in ".localhost" is accepted',
  severity: 'critical',
  namedBy: { 'origin.suffix-refused': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(values, request) || /\.localhost(:\d+)?$/.test(values[0] ?? ''),
  }),
};
