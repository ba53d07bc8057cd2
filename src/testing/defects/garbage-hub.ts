// No hub at all: a correct handshake, then random bytes that are no frames, on connecting and for every broadcast.
import type { Defect } from '../defect.ts';

const GARBAGE_BYTES = 512;

export const garbageHub: Defect = {
  id: 'garbage-hub',
  bugClass: 'none',
  summary: 'answers 101, then sends random bytes instead of frames',
  severity: 'critical',
  namedBy: { 'envelope.legal-frames': 'fail' },
  change(hub, correct) {
    const garbage = (): Buffer =>
      Buffer.from(Array.from({ length: GARBAGE_BYTES }, () => Math.floor(hub.options.random() * 256)));
    return {
      encode: garbage,
      admit(client, writeResponse, request) {
        correct.admit(client, writeResponse, request);
        client.socket.write(garbage());
      },
      onPing: (client) => void client.socket.write(garbage()),
    };
  },
};
