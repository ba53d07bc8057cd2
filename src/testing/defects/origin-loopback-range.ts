// B09, subtle: 0.0.0.0 and the whole of 127.0.0.0/8 count as local.
import type { Defect } from '../defect.ts';

export const originLoopbackRange: Defect = {
  id: 'origin-loopback-range',
  bugClass: 'B09',
  summary: 'origins on 0.0.0.0 and 127.x.x.x are accepted',
  severity: 'critical',
  namedBy: { 'origin.look-alikes-refused': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(values, request) ||
      /^https?:\/\/(?:0\.0\.0\.0|127(?:\.\d{1,3}){3})(?::\d+)?$/.test(values[0] ?? ''),
  }),
};
