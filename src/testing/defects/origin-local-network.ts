// B09, subtle: names of the local network count as local.
import type { Defect } from '../defect.ts';

export const originLocalNetwork: Defect = {
  id: 'origin-local-network',
  bugClass: 'B09',
  summary: 'an origin on a name that ends in ".local" is accepted',
  severity: 'critical',
  namedBy: { 'origin.look-alikes-refused': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(values, request) || /\.local(:\d+)?$/.test(values[0] ?? ''),
  }),
};
