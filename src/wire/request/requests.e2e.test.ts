// Real sockets: requests that arrive in pieces, and connections that were used before.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../time/clock.ts';
import type { OwnRequest } from '../connection.ts';
import { openConnection } from '../open-connection.ts';
import { createHandshakeRequest, findHandshakeFault } from '../opening-handshake.ts';

const ANSWER = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';

describe('own requests', () => {
  let server: Server;
  let url = '';
  /** For each connection, how its requests came. */
  let connections: { paths: string[] }[] = [];
  let answersPlain: 'kept' | 'chunked' | 'close' | 'kept, then ended' | 'without a length' = 'kept';

  beforeAll(async () => {
    const seen = new WeakMap<object, { paths: string[] }>();
    server = createServer((request, response) => {
      seen.get(request.socket)?.paths.push(request.url ?? '');
      if (answersPlain === 'close') response.setHeader('Connection', 'close');
      if (answersPlain === 'chunked') response.write('no page');
      if (answersPlain === 'without a length') request.socket.write('HTTP/1.1 404 Not Found\r\n\r\nno page');
      else response.end(answersPlain === 'chunked' ? ' here' : 'no page here');
      if (answersPlain === 'kept, then ended') setImmediate(() => request.socket.end());
    });
    server.on('connection', (socket) => {
      const connection = { paths: [] as string[] };
      connections.push(connection);
      seen.set(socket, connection);
      socket.on('error', () => {});
    });
    server.on('upgrade', (request, socket) => {
      seen.get(request.socket)?.paths.push(request.url ?? '');
      const accept = createHandshakeRequest(new URL(url), [], String(request.headers['sec-websocket-key']));
      socket.write(`${ANSWER}Sec-WebSocket-Accept: ${accept.expectedAccept}\r\n\r\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
  });
  beforeEach(() => {
    connections = [];
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function open(change: Partial<OwnRequest>): Promise<string> {
    const { bytes, expectedAccept } = createHandshakeRequest(new URL(url));
    const opened = await openConnection({
      url,
      clock: systemClock,
      deadlineMillis: 5_000,
      listener: { onBytes() {}, onClosed() {} },
      request: { bytes, findFault: (response) => findHandshakeFault(response, expectedAccept), ...change },
    });
    if (opened.ok) opened.connection.destroy();
    return opened.ok ? 'open' : opened.problem;
  }
  const before = Buffer.from('GET /page HTTP/1.1\r\nHost: x\r\n\r\n');

  it.each(['kept', 'chunked'] as const)('come on a connection that was used before: %s', async (how) => {
    answersPlain = how;
    expect(await open({ before })).toBe('open');
    expect(connections.map(({ paths }) => paths)).toEqual([['/page', '/ws']]);
  });

  it.each(['close', 'kept, then ended', 'without a length'] as const)(
    'come on a new connection where the server does not keep the used one: %s',
    async (how) => {
      answersPlain = how;
      expect(await open({ before })).toBe('open');
      expect(connections).toHaveLength(2);
      expect(connections.map(({ paths }) => paths[0])).toEqual(['/page', '/ws']);
    },
  );

  it('arrive in pieces', async () => {
    const { bytes } = createHandshakeRequest(new URL(url));
    expect(await open({ cuts: [1, 2, bytes.length - 1] })).toBe('open');
  });
});
