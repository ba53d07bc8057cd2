// B09, subtle: a leading `www.` is taken off before origins are compared.
import type { Defect } from '../defect.ts';

export const originWww: Defect = {
  id: 'origin-www',
  bugClass: 'B09',
  summary: 'the www. neighbour of an allowed origin is accepted',
  severity: 'critical',
  namedBy: { 'origin.extras-exact': 'fail' },
  change: (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(
        values.map((value) => value.replace('//www.', '//')),
        request,
      ),
  }),
};
