// B46, subtle: an address that was refused twenty times is refused whatever it asks. Any page can make these handshakes, from the address of the dashboard.
import type { Defect } from '../defect.ts';

export const lockoutAfterRefusals: Defect = {
  id: 'lockout-after-refusals',
  bugClass: 'B46',
  summary: 'after twenty refused origins nobody of that address gets in any more',
  severity: 'critical',
  namedBy: { 'origin.refusal-has-no-effect': 'fail' },
  change: (_hub, correct) => {
    let refusals = 0;
    return {
      isOriginAllowed(values, request) {
        if (refusals >= 20) return false;
        const isAllowed = correct.isOriginAllowed(values, request);
        if (!isAllowed) refusals += 1;
        return isAllowed;
      },
    };
  },
};
