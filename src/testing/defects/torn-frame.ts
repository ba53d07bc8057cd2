// B28: a write that timed out leaves part of a frame on the wire, and the hub goes on writing. Shows as bytes after a
// truncated frame: once the stalled client reads, what follows is swallowed by the torn frame and framing is lost.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

const PIECE_BYTES = 4_096;

export const tornFrame: Defect = {
  id: 'torn-frame',
  bugClass: 'B28',
  summary: 'the frame that blocks when a client overflows is cut short and others are written after it',
  severity: 'high',
  namedBy: { 'slow-client.contiguous-prefix': 'fail' },
  change(hub, correct) {
    const torn = new WeakSet<HubClient>();
    return {
      overflow(client, message) {
        torn.add(client);
        client.queue.shift();
        hub.enqueue(client, message);
      },
      writeFrame(client, frame, kind, done) {
        torn.delete(client);
        if (frame.length <= PIECE_BYTES) {
          correct.writeFrame(client, frame, kind, done);
          return;
        }
        const writeFrom = (offset: number): void => {
          if (offset >= frame.length || torn.has(client)) {
            done();
            return;
          }
          const piece = frame.subarray(offset, offset + PIECE_BYTES);
          client.socket.write(piece, (error) => {
            if (!error) writeFrom(offset + PIECE_BYTES);
          });
        };
        writeFrom(0);
      },
    };
  },
};
