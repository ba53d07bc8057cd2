// No hub at all: accepts TCP connections and says nothing, on any path, for ever. Every handshake and every broadcast
// request runs into its deadline.
import type { Defect } from '../defect.ts';

export const nullHub: Defect = {
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
};
