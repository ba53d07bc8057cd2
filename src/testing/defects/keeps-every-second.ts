// B06, subtle: what an eviction does is done for every second slow client only; the others are forgotten and stay connected.
import type { Defect } from '../defect.ts';

export const keepsEverySecond: Defect = {
  id: 'keeps-every-second',
  bugClass: 'B06',
  summary: 'of several clients that overflow, every second keeps its connection',
  severity: 'critical',
  namedBy: { 'slow-client.really-disconnected': 'fail' },
  change: (hub, correct) => {
    let evictions = 0;
    return {
      evict(client) {
        evictions += 1;
        if (evictions % 2 === 1) correct.evict(client);
        else hub.leave(client);
      },
    };
  },
};
