// B16: the head of a full queue makes room for the newest event. Shows as: a stalled client stays connected and its
// backlog has a gap in the middle.
import type { Defect } from '../defect.ts';

export const dropOldest: Defect = {
  id: 'drop-oldest',
  bugClass: 'B16',
  summary: 'the oldest queued event is dropped to make room, the client is kept',
  severity: 'high',
  namedBy: { 'slow-client.evicted': 'fail' },
  change: (hub) => ({
    overflow(client, message) {
      client.queue.shift();
      hub.enqueue(client, message);
    },
  }),
};
