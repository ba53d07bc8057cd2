// Real sockets: opening, reading at the kernel's pace, and every way a connection can end.
import { closeSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '../time/clock.ts';
import type { ConnectionEnd, Opened, OpenOptions } from './connection.ts';
import { openPreparedDescriptor } from './kernel/prepared-socket.ts';
import { hasSmallWindow } from './kernel/small-window-socket.ts';
import { openConnection } from './open-connection.ts';
import { openRing } from './ring/open-ring.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function listen(onSocket: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    const server: Server = createServer((socket) => {
      socket.on('error', () => {});
      cleanups.push(() => socket.destroy());
      onSocket(socket);
    });
    cleanups.push(() => server.close());
    server.listen(0, '127.0.0.1', () =>
      resolve(`ws://127.0.0.1:${(server.address() as { port: number }).port}/ws`),
    );
  });
}

async function listenWs(onSocket: (socket: import('ws').WebSocket, raw: Socket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on('connection', (socket, request) => {
    socket.on('error', () => {});
    onSocket(socket, request.socket);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}/ws`;
}

interface Recorded {
  readonly opened: Promise<Opened>;
  bytes: number;
  largestRead: number;
  text: string;
  readonly closed: Promise<ConnectionEnd>;
}

function record(url: string, options: { window?: 'small'; deadlineMillis?: number } = {}): Recorded {
  let close: (end: ConnectionEnd) => void = () => {};
  const recorded = {
    bytes: 0,
    largestRead: 0,
    text: '',
    closed: new Promise<ConnectionEnd>((resolve) => {
      close = resolve;
    }),
  };
  const opened = openConnection({
    url,
    clock: systemClock,
    deadlineMillis: options.deadlineMillis ?? 10_000,
    ...(options.window ? { window: options.window } : {}),
    listener: {
      onBytes(buffer, start, end) {
        recorded.bytes += end - start;
        recorded.largestRead = Math.max(recorded.largestRead, end - start);
        recorded.text += buffer.toString('latin1', start, end);
      },
      onClosed: (end) => close(end),
    },
  });
  return Object.assign(recorded, { opened });
}

async function mustOpen(recorded: Recorded) {
  const opened = await recorded.opened;
  if (!opened.ok) throw new Error(opened.problem);
  cleanups.push(() => opened.connection.destroy());
  return opened;
}

describe.each(['default', 'small'] as const)('a connection with a %s window', (window) => {
  const options = window === 'small' ? { window } : {};

  it('delivers what the server sends with its handshake response, then FIN', async () => {
    const url = await listenWs((socket, raw) => {
      socket.send('hello');
      raw.end();
    });
    const recorded = record(url, options);
    const opened = await mustOpen(recorded);
    expect(opened.response.status).toBe(101);
    expect(await recorded.closed).toMatchObject({ kind: expect.stringMatching(/fin|reset/) });
    expect(recorded.text).toBe('\x81\x05hello');
  });

  it('says that nothing listens', async () => {
    const opened = await record('ws://127.0.0.1:1/ws', options).opened;
    expect(opened).toMatchObject({
      ok: false,
      kind: 'unreachable',
      problem: expect.stringContaining('nothing listens'),
    });
  });

  it('stops reading at the socket, so that the server feels it, and reads everything later', async () => {
    const total = 16 * 1024 * 1024;
    let raw: Socket | undefined;
    const url = await listenWs((socket, rawSocket) => {
      raw = rawSocket;
      socket.once('message', () => {
        for (let sent = 0; sent < total; sent += 65_536) socket.send(Buffer.alloc(65_536));
      });
    });
    const recorded = record(url, options);
    const { connection } = await mustOpen(recorded);
    connection.pauseReading();
    connection.write(Buffer.from([0x81, 0x80, 0, 0, 0, 0]));
    await expect.poll(() => raw?.writableLength ?? 0).toBeGreaterThan(total / 2);
    expect(recorded.bytes).toBe(0);
    if (window === 'small' && hasSmallWindow()) {
      expect(total - (raw?.writableLength ?? 0)).toBeLessThan(256 * 1024);
    }
    connection.resumeReading();
    await expect.poll(() => recorded.bytes).toBeGreaterThanOrEqual(total);
  });

  it('tells a reset from an orderly end', async () => {
    let raw: Socket | undefined;
    const url = await listenWs((_socket, rawSocket) => {
      raw = rawSocket;
    });
    const recorded = record(url, options);
    await mustOpen(recorded);
    raw?.resetAndDestroy();
    expect(await recorded.closed).toEqual({ kind: 'reset', code: 'ECONNRESET' });
  });
});

describe.runIf(hasSmallWindow())('a small window that is widened', () => {
  it('lets through many times as much at once', async () => {
    const total = 8 * 1024 * 1024;
    const url = await listenWs((socket) => {
      socket.once('message', () => socket.send(Buffer.alloc(total)));
    });
    const [small, widened] = [record(url, { window: 'small' }), record(url, { window: 'small' })];
    for (const recorded of [small, widened]) {
      const { connection } = await mustOpen(recorded);
      connection.pauseReading();
      connection.write(Buffer.from([0x81, 0x80, 0, 0, 0, 0]));
      if (recorded === widened) connection.widenWindow?.();
      connection.resumeReading();
      await expect.poll(() => recorded.bytes, { timeout: 20_000 }).toBeGreaterThanOrEqual(total);
    }
    expect(small.largestRead).toBeLessThan(16 * 1024);
    expect(widened.largestRead).toBeGreaterThan(32 * 1024);
  }, 60_000);
});

describe('openConnection', () => {
  it('gives the HTTP answer of a refusal', async () => {
    const url = await listen((socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
    expect(await record(url).opened).toMatchObject({ ok: false, kind: 'refused', response: { status: 403 } });
  });

  it('says that the server ended without an answer', async () => {
    const url = await listen((socket) => socket.destroy());
    expect(await record(url).opened).toMatchObject({ ok: false, kind: 'dropped' });
  });

  it('gives up on a half-written answer at the deadline', async () => {
    const url = await listen((socket) => socket.write('HTTP/1.1 101 Switching'));
    expect(await record(url, { deadlineMillis: 200 }).opened).toMatchObject({ ok: false, kind: 'timeout' });
  });

  it('refuses what is not HTTP', async () => {
    const url = await listen((socket) => socket.write('SSH-2.0-hub\r\n'));
    expect(await record(url).opened).toMatchObject({
      ok: false,
      kind: 'refused',
      problem: expect.stringContaining('not HTTP'),
    });
  });

  it('refuses a wrong accept key', async () => {
    const url = await listen((socket) =>
      socket.write(
        'HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n',
      ),
    );
    expect(await record(url).opened).toMatchObject({
      ok: false,
      kind: 'refused',
      problem: expect.stringContaining('Accept'),
    });
  });
});

// Only on Linux is all of 127.0.0.0/8 this machine.
describe.skipIf(process.platform !== 'linux')('a source address', () => {
  const SOURCES = ['127.0.0.5', '::1', '127.0.0.6'];
  const ring = openRing();
  afterAll(() => {
    if (ring.ok) ring.value.close();
  });

  it.each<[string, Partial<OpenOptions>]>([
    ['a fast client', { readsAll: true }],
    ['one that a ring reads', { readsAll: true, ring: ring.ok ? ring.value : undefined }],
    ['a slow client', { window: 'small' }],
  ])('is the one of the family that is the turn of %s', async (_who, options) => {
    const seen: (string | undefined)[] = [];
    const url = await listenWs((_socket, raw) => seen.push(raw.remoteAddress));
    for (const spread of [0, 1, 2]) {
      const opened = await openConnection({
        ...{ url, spread, sources: SOURCES, clock: systemClock, deadlineMillis: 5_000 },
        listener: { onBytes() {}, onClosed() {} },
        ...options,
      });
      expect(opened).toMatchObject({ ok: true, source: ['127.0.0.5', '127.0.0.6'][spread % 2] });
      if (opened.ok) cleanups.push(() => opened.connection.destroy());
    }
    expect(seen).toEqual(['127.0.0.5', '127.0.0.6', '127.0.0.5']);
  });

  it('has a port to each hub address, though another connection has it to another', async () => {
    if (!hasSmallWindow()) return;
    const urls = [await listenWs(() => {}), await listenWs(() => {})];
    const fds = urls.map((url) => {
      const { port } = new URL(url);
      return openPreparedDescriptor({ address: '127.0.0.1', family: 4 }, Number(port), {
        isSmall: false,
        source: '127.0.0.9',
      });
    });
    expect(fds).toEqual([expect.any(Number), expect.any(Number)]);
    for (const fd of fds) if (fd !== undefined) closeSync(fd);
  });

  it('that is not of this machine is named as the reason', async () => {
    const url = await listenWs(() => {});
    const opened = await openConnection({
      ...{ url, sources: ['192.0.2.1'], clock: systemClock, deadlineMillis: 5_000 },
      listener: { onBytes() {}, onClosed() {} },
    });
    expect(opened).toMatchObject({ ok: false, problem: expect.stringContaining('EADDRNOTAVAIL') });
  });
});
