// B13, as hubs built after the protocol's diagram do: the run loop hands out everything it has before any writer gets a
// turn. A reader that keeps up is evicted by a burst of more than 65.
import type { Defect } from '../defect.ts';

export const burstEvictsReaders: Defect = {
  id: 'burst-evicts-readers',
  bugClass: 'B13',
  summary: 'a burst of more than 65 events evicts healthy readers',
  severity: 'advisory',
  namedBy: { 'delivery.burst-survived': 'warn' },
  change: (_hub, correct) => ({
    breathe: () => Promise.resolve(),
    writeFrame(client, frame, kind, done) {
      setImmediate(() => correct.writeFrame(client, frame, kind, done));
    },
  }),
};
