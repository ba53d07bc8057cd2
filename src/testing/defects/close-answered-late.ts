// B37, subtle: the answer to a Close waits for a timer.
import type { Defect } from '../defect.ts';

export const closeAnsweredLate: Defect = {
  id: 'close-answered-late',
  bugClass: 'B37',
  summary: 'a Close is answered after three seconds',
  severity: 'medium',
  namedBy: { 'lifecycle.close-is-answered': 'warn' },
  change: (hub, correct) => ({
    onClose(client, code) {
      hub.leave(client);
      hub.after(client, 3_000, () => correct.onClose(client, code));
    },
  }),
};
