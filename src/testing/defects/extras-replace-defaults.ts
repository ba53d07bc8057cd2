// B44: what is configured replaces the rule instead of adding to it.
import type { Defect } from '../defect.ts';

export const extrasReplaceDefaults: Defect = {
  id: 'extras-replace-defaults',
  bugClass: 'B44',
  summary: 'where other origins are configured, the default ones and local pages are refused',
  severity: 'medium',
  namedBy: { 'origin.defaults-allowed': 'fail', 'origin.local-hosts-allowed': 'fail' },
  change: (hub, correct) => ({
    isOriginAllowed(values, request) {
      const extras = hub.options.allowedOrigins.slice(2);
      const [origin = ''] = values;
      return origin === '' || extras.length === 0
        ? correct.isOriginAllowed(values, request)
        : extras.includes(origin);
    },
  }),
};
