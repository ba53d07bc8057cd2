// B19: pongs are written by the reader's goroutine while the writer is in the middle of a message. Shows as a Pong's
// bytes inside the payload of a large event.
import type { Defect } from '../defect.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';
import type { HubClient } from '../hub/hub-client.ts';

/** Written in one turn of the event loop, so that others have theirs. */
const PIECE_BYTES = 16_384;

export const twoWriters: Defect = {
  id: 'two-writers',
  bugClass: 'B19',
  summary: 'a Pong is written into the middle of a large event',
  severity: 'high',
  namedBy: { 'robustness.pings-under-load': 'fail' },
  change(hub, correct) {
    const halfWritten = new WeakSet<HubClient>();
    return {
      writeFrame(client, frame, kind, done) {
        if (frame.length <= PIECE_BYTES) {
          halfWritten.delete(client);
          correct.writeFrame(client, frame, kind, done);
          return;
        }
        halfWritten.add(client);
        client.socket.write(frame.subarray(0, PIECE_BYTES));
        setImmediate(() => hub.hooks.writeFrame(client, frame.subarray(PIECE_BYTES), kind, done));
      },
      onPing(client, payload, isInsideMessage) {
        if (halfWritten.has(client)) client.socket.write(encodeFrame(OPCODE.pong, payload));
        else correct.onPing(client, payload, isInsideMessage);
      },
    };
  },
};
