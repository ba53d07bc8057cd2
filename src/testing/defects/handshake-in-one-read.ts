// B46 (handshake): the request is parsed from whatever one read gave. A browser with cookies, or a slow link, sends it in
// two segments now and then.
import type { Defect } from '../defect.ts';

export const handshakeInOneRead: Defect = {
  id: 'handshake-in-one-read',
  bugClass: 'B46',
  summary: 'a handshake that arrives in more than one segment is refused',
  severity: 'medium',
  namedBy: { 'handshake.request-in-pieces': 'fail' },
  change: () => ({}),
  createGate: () => (socket, speakHttp) => {
    socket.once('data', (first: Buffer) => {
      const isHandshake = first.subarray(0, 4).toString() === 'GET '.slice(0, Math.min(4, first.length));
      if (isHandshake && !first.includes('\r\n\r\n')) {
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      speakHttp();
      socket.unshift(first);
    });
    return true;
  },
};
