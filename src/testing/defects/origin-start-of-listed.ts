// B09: the list is searched as one text, so that the beginning of an allowed origin is found in it.
import type { Defect } from '../defect.ts';

export const originStartOfListed: Defect = {
  id: 'origin-start-of-listed',
  bugClass: 'B09',
  summary: 'an origin is accepted when it is found in the text of the list',
  severity: 'high',
  namedBy: { 'origin.extras-exact': 'fail' },
  change: (hub, correct) => ({
    isOriginAllowed(values, request) {
      const list = hub.options.allowedOrigins.join();
      return list.includes(values[0] ?? '') || correct.isOriginAllowed(values, request);
    },
  }),
};
