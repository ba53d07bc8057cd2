// B10, subtle: an origin without a host counts as empty, so that `null`, `file://` and the like are let in.
import type { Defect } from '../defect.ts';

export const hostlessOrigin: Defect = {
  id: 'hostless-origin',
  bugClass: 'B10',
  summary: 'an origin without a host, such as "file://" or "null", is accepted',
  severity: 'critical',
  namedBy: { 'origin.null-refused': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(values, request) || !/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(values[0] ?? ''),
  }),
};
