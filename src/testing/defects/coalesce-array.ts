// B29, subtle: what is queued goes out as one JSON array, so that every message still parses.
import type { Defect } from '../defect.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';

export const coalesceArray: Defect = {
  id: 'coalesce-array',
  bugClass: 'B29',
  summary: 'events that queue up are sent as one JSON array',
  severity: 'medium',
  namedBy: { 'envelope.queued-not-merged': 'fail' },
  change: () => ({
    takeNext(client) {
      const batch = client.queue.splice(0);
      if (batch.length <= 1) return batch[0]?.frame;
      return encodeFrame(OPCODE.text, Buffer.from(`[${batch.map((message) => message.text).join(',')}]`));
    },
  }),
};
