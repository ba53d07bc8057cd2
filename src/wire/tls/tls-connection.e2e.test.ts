// Connections over TLS to a real server: what is read and when, how they end, and what is said of a certificate.
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createTestCertificates,
  readPair,
  type TestCertificates,
} from '../../testing/tls/test-certificates.ts';
import { systemClock } from '../../time/clock.ts';
import type { ConnectionEnd, OpenOptions } from '../connection.ts';
import { hasSmallWindow } from '../kernel/small-window-socket.ts';
import { readSocketQueues } from '../kernel/socket-queues.ts';
import { openConnection } from '../open-connection.ts';
import type { TlsSessionStore } from './tls-facts.ts';
import type { TlsSettings } from './tls-settings.ts';

let certificates: TestCertificates;
let trusting: TlsSettings;
beforeAll(async () => {
  certificates = createTestCertificates();
  trusting = { ca: [readPair({ cert: certificates.ca, key: certificates.ca }).cert] };
});
afterAll(() => certificates.remove());
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A server that answers the opening handshake with `after` and hands over its socket; `raw` is the one below TLS. */
async function serve(
  pair = certificates.server,
  onOpen: (socket: TLSSocket, raw: Socket) => void = () => {},
  options: object = {},
): Promise<string> {
  const raws = new Map<number | undefined, Socket>();
  const server: Server = createServer({ ...readPair(pair), ...options }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', (request: Buffer) => {
      const key = /sec-websocket-key: (\S+)/i.exec(request.toString('latin1'))?.[1] ?? '';
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`,
        () => onOpen(socket, raws.get(socket.remotePort) as Socket),
      );
    });
  });
  server.on('connection', (raw: Socket) => raws.set(raw.remotePort, raw));
  server.on('tlsClientError', () => {});
  cleanups.push(() => {
    for (const raw of raws.values()) raw.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `wss://localhost:${(server.address() as { port: number }).port}/ws`;
}

function open(url: string, options: Partial<OpenOptions> = {}) {
  const seen = { bytes: 0, reads: 0 };
  let close: (end: ConnectionEnd) => void = () => {};
  const closed = new Promise<ConnectionEnd>((resolve) => {
    close = resolve;
  });
  const opened = openConnection({
    url,
    tls: trusting,
    clock: systemClock,
    deadlineMillis: 10_000,
    listener: {
      onBytes(_buffer, start, end) {
        seen.bytes += end - start;
        seen.reads++;
      },
      onClosed: close,
    },
    ...options,
  });
  return { opened, seen, closed };
}

async function mustOpen(url: string, options: Partial<OpenOptions> = {}) {
  const { opened, seen, closed } = open(url, options);
  const outcome = await opened;
  if (!outcome.ok) throw new Error(outcome.problem);
  cleanups.push(() => outcome.connection.destroy());
  return { ...outcome, seen, closed };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};

// The two ways in which a connection may read.
const WAYS = [
  ['reads the socket itself', {}],
  ['lets TLS read ahead', { readsAll: true }],
] as const;

describe.each(WAYS)('a TLS connection that %s', (_title, way) => {
  it('receives every byte, knows what was agreed, and ends with the peer', async () => {
    const url = await serve(certificates.server, (socket) => {
      socket.write(Buffer.alloc(300_000));
      socket.end(Buffer.alloc(5));
    });
    const { seen, closed, tls } = await mustOpen(url, way);
    expect(tls).toMatchObject({
      protocol: 'TLSv1.3',
      isResumed: false,
      cipher: expect.stringMatching(/^TLS_/),
    });
    expect(tls?.handshakeMicros).toBeGreaterThan(0);
    expect(await closed).toEqual({ kind: 'fin' });
    expect(seen.bytes).toBe(300_005);
  });

  it('receives nothing while it is paused, and the rest afterwards', async () => {
    const url = await serve(certificates.server, (socket) => {
      socket.write(Buffer.alloc(1_000));
      socket.write(Buffer.alloc(40_000_000));
    });
    const { connection, seen } = await mustOpen(url, way);
    await until(() => seen.bytes > 0);
    connection.pauseReading();
    const { bytes } = seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen.bytes).toBe(bytes);
    connection.resumeReading();
    await until(() => seen.bytes === 40_001_000);
  });

  it('resets the connection, so that the peer sees it', async () => {
    let ended: NodeJS.ErrnoException | undefined;
    const url = await serve(certificates.server, (socket, raw) => {
      for (const one of [socket, raw])
        one.on('error', (error) => {
          ended = error;
        });
      socket.write('x');
    });
    const { connection, seen, closed } = await mustOpen(url, way);
    await until(() => seen.bytes > 0);
    connection.reset();
    expect(await closed).toEqual({ kind: 'local' });
    await until(() => ended !== undefined);
    expect(ended?.code).toBe('ECONNRESET');
  });

  it('resumes the session of an earlier connection', async () => {
    const url = await serve(certificates.server, (socket) => socket.write('x'));
    const tlsSession: TlsSessionStore = { session: undefined };
    const first = await mustOpen(url, { ...way, tlsSession });
    expect(first.tls?.isResumed).toBe(false);
    await until(() => first.seen.bytes > 0);
    expect(tlsSession.session).toBeDefined();
    first.connection.reset();
    expect(await first.closed).toEqual({ kind: 'local' });
    expect((await mustOpen(url, { ...way, tlsSession })).tls?.isResumed).toBe(true);
  });

  it('is reset by the peer', async () => {
    const url = await serve(certificates.server, (_socket, raw) => raw.resetAndDestroy());
    const { closed } = await mustOpen(url, way);
    expect(await closed).toMatchObject({ kind: 'reset' });
  });

  it('says in one line why a certificate is not accepted', async () => {
    const problemAt = async (url: string, tls: TlsSettings) => {
      const outcome = await open(url, { ...way, tls }).opened;
      return outcome.ok ? 'none' : `${outcome.kind}: ${outcome.problem.replace(url, 'URL')}`;
    };
    const other = await serve(certificates.otherName);
    expect([
      await problemAt(await serve(certificates.expired), trusting),
      await problemAt(other, trusting),
      await problemAt(await serve(), {}),
      await problemAt(other, { ...trusting, servername: 'hub.example' }),
      await problemAt(other, { isInsecure: true }),
    ]).toEqual([
      'unreachable: URL: its certificate has expired: renew it, or accept any certificate with --insecure',
      'unreachable: URL: its certificate is for another name, hub.example, and not for localhost: pass --servername with one of its names',
      expect.stringMatching(/^unreachable: URL: its certificate is from an unknown issuer .* with --ca$/),
      'none',
      'none',
    ]);
  });

  it('says that the hub wants a client certificate, and passes the one it has', async () => {
    const { ca, client } = certificates;
    const asking = { requestCert: true, rejectUnauthorized: true, ca: readPair({ cert: ca, key: ca }).cert };
    const url = await serve(certificates.server, () => {}, asking);
    const without = await open(url, way).opened;
    expect(without.ok ? '' : without.problem).toContain(
      'if it wants a client certificate, pass --cert and --key',
    );
    const own = readPair(client);
    expect((await open(url, { ...way, tls: { ...trusting, ...own } }).opened).ok).toBe(true);
  });
});

describe('a TLS connection that stalls', () => {
  it.skipIf(!hasSmallWindow())(
    'leaves the bytes in kernels, of which its own is small with a small window',
    async () => {
      let written = 0;
      const url = await serve(certificates.server, (socket) => {
        const pump = (): void => {
          while (!socket.writableNeedDrain && written < 4_000_000) {
            socket.write(Buffer.alloc(1_000));
            written += 1_000;
          }
          if (written < 4_000_000) socket.once('drain', pump);
        };
        pump();
      });
      const { connection, window, seen } = await mustOpen(url, { window: 'small' });
      expect(window).toBe('small');
      await until(() => seen.bytes > 0);
      connection.pauseReading();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const { bytes } = seen;
      const [queues] = await readSocketQueues([connection.socketEnds], [url]);
      // Without /proc/net nobody can look into the kernel.
      if (queues) expect(queues.unreadBytes).toBeLessThan(32 * 1024);
      expect(written).toBeLessThan(4_000_000);
      expect(seen.bytes).toBe(bytes);
      connection.resumeReading();
      await until(() => seen.bytes === 4_000_000);
    },
  );

  it('tells a torn record from a whole one', async () => {
    const torn = await serve(certificates.server, (socket, raw) => {
      // The beginning of a record, past TLS and into the socket.
      socket.write(Buffer.alloc(100), () => raw.end(Buffer.from([23, 3, 3, 0, 100, 1, 2, 3])));
    });
    const { closed, seen } = await mustOpen(torn);
    expect(await closed).toEqual({ kind: 'fin', isRecordTorn: true });
    expect(seen.bytes).toBe(100);
  });
});

function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}
