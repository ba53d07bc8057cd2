// B26: no keepalive. A client whose machine has vanished is kept for ever. Judged only where a ping period is promised.
import type { Defect } from '../defect.ts';

export const neverPings: Defect = {
  id: 'never-pings',
  bugClass: 'B26',
  summary: 'the hub never pings, and never finds a dead peer',
  severity: 'advisory',
  namedBy: { 'lifecycle.pings-come': 'warn', 'lifecycle.dead-peer-found': 'warn' },
  pingIntervalMillis: 300,
  change: () => ({ keepAlive() {} }),
};
