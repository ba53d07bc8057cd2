// B11: the map of clients is changed by connections while the run loop walks it. A client that leaves within some
// milliseconds of a broadcast to several kills the process (`fatal error: concurrent map iteration and map write`).
import type { Defect } from '../defect.ts';

const WALK_MICROS = 20_000;
/** With fewer the walk is over too soon for anybody to come in between. */
const WALKED_CLIENTS = 3;

export const crashUnderChurn: Defect = {
  id: 'crash-under-churn',
  bugClass: 'B11',
  summary: 'the process dies when a client leaves while an event is going out',
  severity: 'critical',
  namedBy: { 'delivery.leavers-change-nothing': 'fail' },
  change(hub, correct) {
    let fanOutMicros = Number.NEGATIVE_INFINITY;
    return {
      fanOut(message) {
        fanOutMicros = hub.options.clock.nowMicros();
        return correct.fanOut(message);
      },
      onGone(client, error) {
        correct.onGone(client, error);
        const isWalking = hub.options.clock.nowMicros() - fanOutMicros < WALK_MICROS;
        if (isWalking && hub.clients.size >= WALKED_CLIENTS && !hub.isStopping)
          hub.crash('fatal error: concurrent map iteration and map write');
      },
    };
  },
};
