// B08, subtle: the upgrade comes first and the origin is looked at afterwards. A foreign page gets 101, is in the set
// for a moment, and is closed with 1008.
import type { Defect } from '../defect.ts';
import { encodeClose } from '../hub/frames.ts';
import { LINGER_MILLIS } from '../hub/hookable-hub.ts';

export const originCheckedAfter101: Defect = {
  id: 'origin-checked-after-101',
  bugClass: 'B08',
  summary: 'a foreign origin gets 101 and is closed with 1008 afterwards',
  severity: 'critical',
  namedBy: { 'origin.foreign-refused': 'fail' },
  change(hub, correct) {
    return {
      isOriginAllowed: () => true,
      admit(client, writeResponse, request) {
        correct.admit(client, writeResponse, request);
        const values = request.headersDistinct.origin ?? [];
        if (!correct.isOriginAllowed(values, request))
          hub.sayFarewell(client, encodeClose(1008, 'origin not allowed'), LINGER_MILLIS);
      },
    };
  },
};
