// Opening handshake, too open (B46): requests that RFC 6455 section 4.2.1 or the hub's path forbid are answered 101.
import type { Defect } from '../../defect.ts';
import { validatesAfter } from '../shared-changes.ts';

function withUpgrade(request: Buffer): Buffer {
  const kept = request.toString('latin1').replace(/^(?:upgrade|connection):.*\r\n/gim, '');
  const end = kept.indexOf('\r\n') + 2;
  const added = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';
  return Buffer.from(kept.slice(0, end) + added + kept.slice(end), 'latin1');
}

export const ILLEGAL_HANDSHAKES_ACCEPTED: readonly Defect[] = [
  {
    id: 'any-method',
    bugClass: 'B46',
    summary: 'a handshake may use any method',
    severity: 'medium',
    namedBy: { 'handshake.get-only': 'fail' },
    change: validatesAfter((request) => {
      request.method = 'GET';
    }),
  },
  {
    id: 'any-path',
    bugClass: 'B46',
    summary: 'every path is answered 101',
    severity: 'medium',
    namedBy: { 'handshake.wrong-path': 'fail' },
    change: validatesAfter((request) => {
      request.url = '/ws';
    }),
  },
  // The path is compared from its end.
  {
    id: 'any-directory',
    bugClass: 'B46',
    summary: 'every path that ends with /ws is answered 101',
    severity: 'medium',
    namedBy: { 'handshake.wrong-path': 'fail' },
    change: validatesAfter((request) => {
      if (request.url?.endsWith('/ws')) request.url = '/ws';
    }),
  },
  {
    id: 'path-below-accepted',
    bugClass: 'B46',
    summary: 'paths below /ws are answered 101',
    severity: 'medium',
    namedBy: { 'handshake.wrong-path': 'fail' },
    change: validatesAfter((request) => {
      request.url = (request.url ?? '').replace(/^\/ws\/.*/, '/ws');
    }),
  },
  {
    id: 'any-version',
    bugClass: 'B46',
    summary: 'any Sec-WebSocket-Version is accepted',
    severity: 'medium',
    namedBy: { 'handshake.version-refused': 'fail' },
    change: validatesAfter((request) => {
      request.headers['sec-websocket-version'] = '13';
    }),
  },
  {
    id: 'missing-key-accepted',
    bugClass: 'B46',
    summary: 'a handshake without a key is accepted',
    severity: 'medium',
    namedBy: { 'handshake.key-required': 'fail' },
    change: validatesAfter((request) => {
      request.headers['sec-websocket-key'] ??= 'AAAAAAAAAAAAAAAAAAAAAA==';
    }),
  },
  {
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
  },
];
