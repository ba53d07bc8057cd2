// B07: eviction sets a write deadline, but the library applies it when the next write begins, and the write in progress
// has none. The code looks right, the socket stays open.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const deadlineSetTooLate: Defect = {
  id: 'deadline-set-too-late',
  bugClass: 'B07',
  summary: 'the write deadline of an evicted client applies to the next write, which never begins',
  severity: 'critical',
  namedBy: { 'slow-client.really-disconnected': 'fail' },
  change(hub, correct) {
    const hasDeadline = new WeakSet<HubClient>();
    return {
      evict(client) {
        hub.counters.evictions += 1;
        hub.leave(client);
        hasDeadline.add(client);
      },
      writeFrame(client, frame, kind, done) {
        if (hasDeadline.has(client)) hub.after(client, 100, () => client.socket.destroy());
        correct.writeFrame(client, frame, kind, done);
      },
    };
  },
};
