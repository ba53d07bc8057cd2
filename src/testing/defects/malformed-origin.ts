// B10, subtle: null and file:// are looked for by name, and any other text that the parser fails on is let in.
import type { Defect } from '../defect.ts';

export const malformedOrigin: Defect = {
  id: 'malformed-origin',
  bugClass: 'B10',
  summary: 'an origin on which the URL parser fails is accepted, but for the word null',
  severity: 'critical',
  namedBy: { 'origin.null-refused': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(values, request) ||
      values.some((value) => value !== 'null' && !URL.canParse(value)),
  }),
};
