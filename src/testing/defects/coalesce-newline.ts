// B29, as in a well-known chat example: whatever is queued goes out as one message, joined by newlines. Shows only
// under backlog, as a message that is not one JSON value.
import type { Defect } from '../defect.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';

export const coalesceNewline: Defect = {
  id: 'coalesce-newline',
  bugClass: 'B29',
  summary: 'events that queue up are joined by newlines into one message',
  severity: 'medium',
  namedBy: { 'envelope.queued-not-merged': 'fail' },
  change: () => ({
    takeNext(client) {
      const batch = client.queue.splice(0);
      if (batch.length <= 1) return batch[0]?.frame;
      return encodeFrame(OPCODE.text, Buffer.from(batch.map((message) => message.text).join('\n')));
    },
  }),
};
