// B09: the origin need only contain the word localhost, wherever it stands.
import type { Defect } from '../defect.ts';

export const originContains: Defect = {
  id: 'origin-contains',
  bugClass: 'B09',
  summary: 'an origin is accepted when it contains "localhost" or "127.0.0.1"',
  severity: 'critical',
  namedBy: { 'origin.contains-refused': 'fail' },
  change: () => ({
    isOriginAllowed: (values) =>
      values.every((value) => value === '' || /localhost|127\.0\.0\.1/.test(value)),
  }),
};
