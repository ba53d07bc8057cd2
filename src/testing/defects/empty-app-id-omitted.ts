// B30, subtle: `omitempty` on the field leaves it out when it is empty.
import type { Defect } from '../defect.ts';

export const emptyAppIdOmitted: Defect = {
  id: 'empty-app-id-omitted',
  bugClass: 'B30',
  summary: 'an empty appId is left out',
  severity: 'medium',
  namedBy: { 'envelope.empty-values': 'fail' },
  change: (_hub, correct) => ({
    encode: (text) => correct.encode(text.replace(/"appId"\s*:\s*""\s*,/, '')),
  }),
};
