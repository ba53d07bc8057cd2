// No hub at all: a correct handshake, then silence. Broadcasts are answered 202 and lost, pings are not answered, a
// Close is not echoed.
import type { Defect } from '../defect.ts';

export const muteHub: Defect = {
  id: 'mute-hub',
  bugClass: 'none',
  summary: 'answers 101 and 202, and never sends a frame',
  severity: 'critical',
  namedBy: { 'delivery.every-client-once-in-order': 'fail' },
  change: () => ({
    fanOut() {},
    onPing() {},
    onClose() {},
    onViolation() {},
    onHalfClose() {},
    keepAlive() {},
  }),
};
