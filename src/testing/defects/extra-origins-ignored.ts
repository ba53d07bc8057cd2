// B44, subtle: the configured origins are read and never used.
import type { Defect } from '../defect.ts';

export const extraOriginsIgnored: Defect = {
  id: 'extra-origins-ignored',
  bugClass: 'B44',
  summary: 'origins from the configuration are refused',
  severity: 'medium',
  namedBy: { 'origin.extras-allowed': 'fail' },
  change: (hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(values, request) &&
      !hub.options.allowedOrigins.slice(2).includes(values[0] ?? ''),
  }),
};
