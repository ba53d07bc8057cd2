// Real servers that let nobody in: each way to refuse is counted under its own cause.

import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestCertificates, type TestCertificates } from '../../testing/tls/test-certificates.ts';
import { systemClock } from '../../time/clock.ts';
import type { ConnectAs, Opened } from '../connection.ts';
import { openConnection } from '../open-connection.ts';
import { acceptFor } from '../opening-handshake.ts';
import { SILENT_LISTENER } from '../stream-connection.ts';

let certificates: TestCertificates;
const servers: Pick<Server, 'close'>[] = [];
beforeAll(() => {
  certificates = createTestCertificates();
});
afterAll(() => {
  for (const server of servers) server.close();
  certificates.remove();
});

function portOf(server: Pick<Server, 'close' | 'listen' | 'address'>): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A server that does this with the first bytes of each connection. */
const answering = (answer: (socket: Socket) => void) =>
  portOf(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => answer(socket));
    }),
  );

const open = (as: ConnectAs): Promise<Opened> =>
  openConnection({ ...as, clock: systemClock, deadlineMillis: 5_000, listener: SILENT_LISTENER });

const refusalOf = async (port: number, scheme = 'ws', tls: ConnectAs['tls'] = undefined) => {
  const opened = await open({ url: `${scheme}://127.0.0.1:${port}/ws`, tls });
  return opened.ok ? { cause: 'none', problem: '' } : opened;
};

it.each([401, 403, 404, 426, 429, 502, 503])(
  'counts an answer with %d under it, with its body',
  async (status) => {
    // The body follows the head, and the end follows the body.
    const port = await answering((socket) => {
      socket.write(`HTTP/1.1 ${status} No\r\n\r\n`);
      setImmediate(() => socket.end('not today\n'));
    });
    const { cause, problem } = await refusalOf(port);
    expect(cause).toBe(String(status));
    expect(problem).toMatch(/"not today"$/);
  },
);

it('waits for no body that never comes', async () => {
  const port = await answering((socket) => socket.write('HTTP/1.1 503 No\r\n\r\n'));
  expect((await refusalOf(port)).cause).toBe('503');
});

it('names a connection that ends without an answer, orderly or not, and a port where nothing listens', async () => {
  expect((await refusalOf(await answering((socket) => socket.end()))).cause).toBe('reset');
  expect((await refusalOf(await answering((socket) => socket.resetAndDestroy()))).cause).toBe('reset');
  const gone = createServer();
  const port = await portOf(gone);
  await new Promise((resolve) => gone.close(resolve));
  expect((await refusalOf(port)).cause).toBe('refused');
});

it('names a server that speaks HTTP/2, with and without TLS', async () => {
  const plain = createHttp2();
  plain.on('sessionError', () => {});
  const { cause, problem } = await refusalOf(await portOf(plain));
  expect([cause, problem]).toEqual(['http2', expect.stringContaining('a WebSocket needs HTTP/1.1')]);
  const { cert, key } = certificates.server;
  const secure = createTls({ cert: readFileSync(cert), key: readFileSync(key), ALPNProtocols: ['h2'] });
  secure.on('tlsClientError', () => {});
  const overTls = await refusalOf(await portOf(secure), 'wss', { isInsecure: true });
  expect([overTls.cause, overTls.problem]).toEqual(['http2', expect.stringContaining('HTTP/1.1')]);
});

it('names a TLS alert and a certificate that is not accepted', async () => {
  const { cert, key } = certificates.server;
  const wanting = createTls({
    ...{ cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(certificates.ca) },
    ...{ requestCert: true, rejectUnauthorized: true },
  });
  wanting.on('tlsClientError', () => {});
  const port = await portOf(wanting);
  expect((await refusalOf(port, 'wss', { isInsecure: true })).cause).toBe('tls');
  expect((await refusalOf(port, 'wss')).cause).toBe('tls');
});

it('names a host that has no address', async () => {
  const opened = await open({ url: 'ws://no-such-host.invalid/ws' });
  expect(opened).toMatchObject({
    ok: false,
    cause: 'dns',
    problem: expect.stringContaining('no-such-host.invalid'),
  });
});

/** Answers a correct handshake, and names this subprotocol. */
const choosing = (name: string) =>
  portOf(
    createHttp().on('upgrade', (request, socket) => {
      const accept = acceptFor(request.headers['sec-websocket-key'] ?? '');
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
      const lines = [...head, `Sec-WebSocket-Accept: ${accept}`, `Sec-WebSocket-Protocol: ${name}`];
      socket.end(`${lines.join('\r\n')}\r\n\r\n`);
    }),
  );

it('takes a subprotocol that was offered, and refuses another', async () => {
  const url = `ws://127.0.0.1:${await choosing('dash.v2')}/ws`;
  expect(await open({ url, subprotocols: ['dash.v1', 'dash.v2'] })).toMatchObject({ ok: true });
  expect(await open({ url, subprotocols: ['dash.v1'] })).toMatchObject({ ok: false, cause: 'subprotocol' });
  expect(await open({ url })).toMatchObject({ ok: false, cause: 'subprotocol' });
});
