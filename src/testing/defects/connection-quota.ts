// B18, a counter that only goes up: after 300 connections, whatever became of them, no more are taken.
import type { Defect } from '../defect.ts';

export const connectionQuota: Defect = {
  id: 'connection-quota',
  bugClass: 'B18',
  summary: 'no client is taken any more after 300 have come, even if all have left',
  severity: 'high',
  namedBy: { 'lifecycle.nothing-leaks': 'fail' },
  change(_hub, correct) {
    let admitted = 0;
    return {
      refuseHandshake(request) {
        const refusal = correct.refuseHandshake(request);
        if (refusal !== undefined) return refusal;
        admitted += 1;
        return admitted > 300 ? { status: 503, body: 'too many clients' } : undefined;
      },
    };
  },
};
