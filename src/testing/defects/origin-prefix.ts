// B09: the origin need only begin like an allowed one, so that `http://localhost.evil.com` gets in.
import type { Defect } from '../defect.ts';

export const originPrefix: Defect = {
  id: 'origin-prefix',
  bugClass: 'B09',
  summary: 'an origin is accepted when it begins like an allowed one',
  severity: 'critical',
  namedBy: { 'origin.prefix-refused': 'fail', 'origin.extras-exact': 'fail' },
  change: (hub, correct) => ({
    isOriginAllowed(values, request) {
      const prefixes = ['http://localhost', 'http://127.0.0.1', ...hub.options.allowedOrigins];
      const origin = values[0] ?? '';
      return correct.isOriginAllowed(values, request) || prefixes.some((prefix) => origin.startsWith(prefix));
    },
  }),
};
