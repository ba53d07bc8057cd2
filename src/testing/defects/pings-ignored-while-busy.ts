// B36, subtle: a Ping that comes while large events are on their way is not answered, and not later either.
import type { Defect } from '../defect.ts';

const LARGE_BYTES = 8 * 1024;
const BUSY_MICROS = 400_000;

export const pingsIgnoredWhileBusy: Defect = {
  id: 'pings-ignored-while-busy',
  bugClass: 'B36',
  summary: 'pings are not answered by a hub that has large events to send',
  severity: 'medium',
  namedBy: { 'robustness.pings-under-load': 'fail' },
  change: (hub, correct) => {
    let busyUntilMicros = 0;
    return {
      fanOut(message) {
        if (message.frame.length > LARGE_BYTES) busyUntilMicros = hub.options.clock.nowMicros() + BUSY_MICROS;
        return correct.fanOut(message);
      },
      onPing(client, payload, isInside) {
        if (hub.options.clock.nowMicros() > busyUntilMicros) correct.onPing(client, payload, isInside);
      },
    };
  },
};
