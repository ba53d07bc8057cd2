// B10, subtle: of several Origin headers one that is allowed is enough.
import type { Defect } from '../defect.ts';

export const anyOfTwoOrigins: Defect = {
  id: 'any-of-two-origins',
  bugClass: 'B10',
  summary: 'a foreign Origin header passes if a second one is allowed',
  severity: 'critical',
  namedBy: { 'origin.several-headers': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      values.length === 0 || values.some((value) => correct.isOriginAllowed([value], request)),
  }),
};
