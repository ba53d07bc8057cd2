// B44, subtle: only http counts for local hosts; https://localhost is refused.
import type { Defect } from '../defect.ts';

export const httpsLocalRefused: Defect = {
  id: 'https-local-refused',
  bugClass: 'B44',
  summary: 'the origin https://localhost is refused',
  severity: 'medium',
  namedBy: { 'origin.local-hosts-allowed': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      !/^https:\/\/localhost/.test(values[0] ?? '') && correct.isOriginAllowed(values, request),
  }),
};
