// Servers that are no hub at all: no check of delivery, slow clients or origins may pass on one of them.
import type { Defect } from '../defect.ts';
import { openClient, startReading, writeSwitching } from '../hub/handshake.ts';

const GARBAGE_BYTES = 512;

export const NO_HUB: readonly Defect[] = [
  // Every handshake and every broadcast request runs into its deadline.
  {
    id: 'null-hub',
    bugClass: 'none',
    summary: 'accepts TCP and never says anything',
    severity: 'critical',
    namedBy: { 'handshake.accept-key': 'fail' },
    change: () => ({}),
    createGate: () => (socket) => {
      socket.on('error', () => {});
      socket.resume();
      return true;
    },
  },
  // Pings are not answered, and a Close is not echoed.
  {
    id: 'mute-hub',
    bugClass: 'none',
    summary: 'answers 101 and 202, and never sends a frame',
    severity: 'critical',
    namedBy: { 'delivery.every-client-once-in-order': 'fail' },
    change: () => ({
      fanOut() {},
      onPing() {},
      onClose() {},
      onViolation() {},
      onHalfClose() {},
      keepAlive() {},
    }),
  },
  // Any path, method, version and origin.
  {
    id: 'yes-hub',
    bugClass: 'none',
    summary: 'answers 101 to every upgrade and 202 to every broadcast, and delivers nothing',
    severity: 'critical',
    namedBy: { 'delivery.every-client-once-in-order': 'fail' },
    change: (hub) => ({
      isOriginAllowed: () => true,
      refuseEvent: () => undefined,
      fanOut() {},
      handleUpgrade(request, socket, head) {
        const client = openClient(hub, request, socket);
        writeSwitching(hub, request, socket);
        startReading(hub, client, head);
      },
    }),
  },
  // On connect and on every broadcast.
  {
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
  },
];
