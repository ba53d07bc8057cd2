// B36, subtle: a Ping that comes while events are on their way is not answered, and not later either.
import type { Defect } from '../defect.ts';

const BUSY_MICROS = 50_000;

export const pingsIgnoredWhileBusy: Defect = {
  id: 'pings-ignored-while-busy',
  bugClass: 'B36',
  summary: 'pings are answered only by a hub that has nothing else to do',
  severity: 'medium',
  namedBy: { 'robustness.pings-under-load': 'fail' },
  change: (hub, correct) => {
    let busyUntilMicros = 0;
    return {
      fanOut(message) {
        busyUntilMicros = hub.options.clock.nowMicros() + BUSY_MICROS;
        return correct.fanOut(message);
      },
      onPing(client, payload, isInside) {
        if (hub.options.clock.nowMicros() > busyUntilMicros) correct.onPing(client, payload, isInside);
      },
    };
  },
};
