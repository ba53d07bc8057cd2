// B52, the hub's side: more than 50 dials within 100 ms are dropped without an answer, so that a herd of reconnecting
// clients does not get back in.
import type { Defect } from '../defect.ts';

export const herdRefused: Defect = {
  id: 'herd-refused',
  bugClass: 'B52',
  summary: 'of many dials at once, all after the first 50 are dropped without an answer',
  severity: 'medium',
  namedBy: { 'robustness.two-hundred-dials': 'fail' },
  change(hub, correct) {
    let recentMicros: number[] = [];
    return {
      handleUpgrade(request, socket, head) {
        const nowMicros = hub.options.clock.nowMicros();
        recentMicros = [...recentMicros.filter((at) => nowMicros - at < 100_000), nowMicros];
        if (recentMicros.length > 50) socket.destroy();
        else correct.handleUpgrade(request, socket, head);
      },
    };
  },
};
