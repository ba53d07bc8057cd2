// B44: `[::1]` is compared with `::1`, brackets and all, and refused.
import type { Defect } from '../defect.ts';

export const ipv6OriginRefused: Defect = {
  id: 'ipv6-origin-refused',
  bugClass: 'B44',
  summary: 'the local origin http://[::1] is refused',
  severity: 'medium',
  namedBy: { 'origin.local-hosts-allowed': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      !(values[0] ?? '').includes('[') && correct.isOriginAllowed(values, request),
  }),
};
