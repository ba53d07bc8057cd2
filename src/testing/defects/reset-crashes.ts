// B11, subtle: a connection that is reset raises an error nobody handles. Leaving in order does no harm.
import type { Defect } from '../defect.ts';

export const resetCrashes: Defect = {
  id: 'reset-crashes',
  bugClass: 'B11',
  summary: 'the process dies when a client resets its connection',
  severity: 'critical',
  namedBy: { 'delivery.leavers-change-nothing': 'fail' },
  change: (hub, correct) => ({
    onGone(client, error) {
      correct.onGone(client, error);
      if (error !== undefined && 'code' in error && error.code === 'ECONNRESET')
        hub.crash('Unhandled error event: read ECONNRESET');
    },
  }),
};
