// B46 (handshake): a key is enough. Whoever sends one is switched to WebSocket, asked for or not.
import type { Defect } from '../defect.ts';

export const upgradesUnasked: Defect = {
  id: 'upgrades-unasked',
  bugClass: 'B46',
  summary: 'a request with a key is answered 101, whatever its Upgrade and Connection headers say',
  severity: 'medium',
  namedBy: { 'handshake.upgrade-headers-required': 'fail' },
  change: () => ({}),
  createGate: () => (socket, speakHttp) => {
    socket.once('data', (first: Buffer) => {
      speakHttp();
      socket.unshift(/^sec-websocket-key:/im.test(first.toString('latin1')) ? withUpgrade(first) : first);
    });
    return true;
  },
};

function withUpgrade(request: Buffer): Buffer {
  const kept = request.toString('latin1').replace(/^(?:upgrade|connection):.*\r\n/gim, '');
  const end = kept.indexOf('\r\n') + 2;
  const asked = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';
  return Buffer.from(kept.slice(0, end) + asked + kept.slice(end), 'latin1');
}
