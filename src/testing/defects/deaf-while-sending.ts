// B01, subtle: one lock for reading and writing. While half a frame of a client has come, nothing is sent to it.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

const LOOK_MILLIS = 20;
/** Of a masked frame of up to 125 bytes. */
const HEADER_BYTES = 6;

export const deafWhileSending: Defect = {
  id: 'deaf-while-sending',
  bugClass: 'B01',
  summary: 'a client that has sent half a frame gets nothing until it has sent the rest',
  severity: 'medium',
  namedBy: { 'robustness.half-a-frame-listens': 'fail' },
  change(hub, correct) {
    const missingBytes = new WeakMap<HubClient['socket'], number>();
    return {
      handleUpgrade(request, socket, head) {
        socket.on('data', (chunk: Buffer) => {
          const missing = missingBytes.get(socket) ?? 0;
          const wanted = missing > 0 ? missing : HEADER_BYTES + ((chunk[1] ?? 0) & 0x7f);
          missingBytes.set(socket, Math.max(0, wanted - chunk.length));
        });
        correct.handleUpgrade(request, socket, head);
      },
      writeFrame(client, frame, kind, done) {
        if ((missingBytes.get(client.socket) ?? 0) === 0) correct.writeFrame(client, frame, kind, done);
        else hub.after(client, LOOK_MILLIS, () => hub.hooks.writeFrame(client, frame, kind, done));
      },
    };
  },
};
