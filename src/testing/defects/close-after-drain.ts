// B06, as the protocol's diagram has it: eviction closes the queue, and the writer closes the connection once it has
// drained, which it never does while the client does not read. No Close frame either.
import type { Defect } from '../defect.ts';

export const closeAfterDrain: Defect = {
  id: 'close-after-drain',
  bugClass: 'B06',
  summary: 'an evicted client is closed only if it reads again',
  severity: 'critical',
  namedBy: { 'slow-client.really-disconnected': 'fail' },
  change: (hub, correct) => ({
    evict(client) {
      hub.counters.evictions += 1;
      hub.leave(client);
    },
    writeFrame: (client, frame, kind, done) =>
      correct.writeFrame(client, frame, kind, () => {
        done();
        if (client.phase === 'leaving' && client.inFlight === 'nothing') client.socket.end();
      }),
  }),
};
