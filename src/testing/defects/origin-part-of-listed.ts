// B09: the allowed origin and the sent one are compared the wrong way round, so that the parent domain of an allowed
// page gets in.
import type { Defect } from '../defect.ts';

export const originPartOfListed: Defect = {
  id: 'origin-part-of-listed',
  bugClass: 'B09',
  summary: 'an origin is accepted when its host is the end of an allowed one',
  severity: 'critical',
  namedBy: { 'origin.extras-exact': 'fail' },
  change: (hub, correct) => ({
    isOriginAllowed(values, request) {
      const host = (values[0] ?? '').replace(/^\w+:\/\//, '');
      const isEnd = host !== '' && hub.options.allowedOrigins.some((listed) => listed.endsWith(`.${host}`));
      return isEnd || correct.isOriginAllowed(values, request);
    },
  }),
};
