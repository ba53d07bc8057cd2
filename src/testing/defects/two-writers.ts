// B19: pongs are written by the reader's goroutine while the writer is in the middle of a message. Shows as a Pong's
// bytes inside the payload of a large event.
import type { Defect } from '../defect.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';
import type { HubClient } from '../hub/hub-client.ts';

export const twoWriters: Defect = {
  id: 'two-writers',
  bugClass: 'B19',
  summary: 'a Pong is written into the middle of a large event',
  severity: 'high',
  namedBy: {},
  change(_hub, correct) {
    const halfWritten = new WeakSet<HubClient>();
    return {
      writeFrame(client, frame, kind, done) {
        if (frame.length < 32_768) {
          correct.writeFrame(client, frame, kind, done);
          return;
        }
        halfWritten.add(client);
        client.socket.write(frame.subarray(0, frame.length / 2));
        setImmediate(() => {
          halfWritten.delete(client);
          correct.writeFrame(client, frame.subarray(frame.length / 2), kind, done);
        });
      },
      onPing(client, payload, isInsideMessage) {
        if (halfWritten.has(client)) client.socket.write(encodeFrame(OPCODE.pong, payload));
        else correct.onPing(client, payload, isInsideMessage);
      },
    };
  },
};
