// B26, subtle: pings go out and nobody looks whether they are answered.
import type { Defect } from '../defect.ts';

export const pingsWithoutDeadline: Defect = {
  id: 'pings-without-deadline',
  bugClass: 'B26',
  summary: 'the hub pings, but keeps a client that never answers',
  severity: 'advisory',
  namedBy: { 'lifecycle.dead-peer-found': 'warn' },
  pingIntervalMillis: 300,
  change: (_hub, correct) => ({
    keepAlive(client) {
      client.unansweredPings = 0;
      correct.keepAlive(client);
    },
  }),
};
