// B10: the parser's error is taken for "no browser". `new URL('null')` throws, so that `null` gets in.
import type { Defect } from '../defect.ts';

export const unparseableOrigin: Defect = {
  id: 'unparseable-origin',
  bugClass: 'B10',
  summary: 'an origin that the URL parser does not understand is accepted',
  severity: 'critical',
  namedBy: { 'origin.null-refused': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(values, request) || values.some((value) => !URL.canParse(value)),
  }),
};
