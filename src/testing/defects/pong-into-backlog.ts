// B19: a Pong is written at once, whether or not the connection has taken the frame before it whole. A client that reads
// as it comes leaves no frame half written; one that is behind gets the Pong inside an event.
import type { Defect } from '../defect.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';
import type { HubClient } from '../hub/hub-client.ts';

/** Written once the one before it is taken. */
const PIECE_BYTES = 65_536;

export const pongIntoBacklog: Defect = {
  id: 'pong-into-backlog',
  bugClass: 'B19',
  summary: 'a client that is behind gets a Pong in the middle of an event',
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
        client.socket.write(frame.subarray(0, PIECE_BYTES), (error) => {
          if (!error) hub.hooks.writeFrame(client, frame.subarray(PIECE_BYTES), kind, done);
        });
      },
      onPing(client, payload, isInsideMessage) {
        if (halfWritten.has(client)) client.socket.write(encodeFrame(OPCODE.pong, payload));
        else correct.onPing(client, payload, isInsideMessage);
      },
    };
  },
};
