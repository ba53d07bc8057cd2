// A connection to a hub before anything is sent: over TCP, TLS or a Unix socket, with the window and the read buffer that were
// asked for.
import type { LookupAddress } from 'node:dns';
import { findReachable } from './address/reachable-addresses.ts';
import type { OpeningConnection, OpenOptions, ReceiveWindow, Refusal } from './connection.ts';
import { causeOfDial } from './failure/failure-cause.ts';
import { addressOf, type TcpAddress } from './hub-address.ts';
import { openSmallWindowDescriptor } from './kernel/small-window-socket.ts';
import { RingConnection } from './ring/ring-connection.ts';
import { SocketConnection } from './socket-connection.ts';
import { BulkTlsConnection } from './tls/bulk-tls-connection.ts';
import { TlsConnection } from './tls/tls-connection.ts';
import { isTlsUrl } from './tls/tls-settings.ts';

const SHARED_READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

export type DialOptions = Pick<
  OpenOptions,
  | 'url'
  | 'shownUrl'
  | 'spread'
  | 'via'
  | 'tls'
  | 'tlsSession'
  | 'readsAll'
  | 'ring'
  | 'window'
  | 'readBuffer'
  | 'clock'
>;

export type DialAttempt =
  | {
      readonly ok: true;
      readonly connection: OpeningConnection;
      /** What the host was resolved to; undefined on a Unix socket, and by way of another port. */
      readonly address?: string;
      readonly window: ReceiveWindow;
    }
  | Refusal;

/** The connection may still be on its way; what is written waits for it. */
export async function dial(options: DialOptions): Promise<DialAttempt> {
  const to = addressOf(options.url);
  if (options.via !== undefined) {
    const place = { host: to.socketPath === undefined ? to.host : 'localhost', port: options.via };
    return dialAt(place, { address: '127.0.0.1', family: 4 }, options);
  }
  if (to.socketPath !== undefined) {
    const connection = openSocket(options);
    connection.connect(to);
    return { ok: true, connection, window: 'default' };
  }
  try {
    const { answering } = await findReachable(to.host, to.port);
    const address = answering[(options.spread ?? 0) % answering.length] ?? answering[0];
    return { ...dialAt(to, address, options), address: address.address };
  } catch (error) {
    return {
      ok: false,
      kind: 'unreachable',
      cause: causeOfDial(error as NodeJS.ErrnoException),
      problem: `cannot reach ${options.shownUrl ?? options.url}: ${(error as Error).message}`,
    };
  }
}

function dialAt(
  to: TcpAddress,
  address: LookupAddress,
  options: DialOptions,
): DialAttempt & { readonly ok: true } {
  const fd = options.window === 'small' ? openSmallWindowDescriptor(address, to.port) : undefined;
  const connection = connectTo(to, address, options, fd);
  return { ok: true, connection, window: fd === undefined ? 'default' : 'small' };
}

function connectTo(
  { host, port }: TcpAddress,
  { address }: LookupAddress,
  options: DialOptions,
  fd: number | undefined,
): OpeningConnection {
  const readBuffer = readBufferOf(options);
  if (isTlsUrl(options.url)) {
    const { tls: settings, tlsSession: session, clock, readsAll = false } = options;
    const tlsDial = { host, port, address, settings, session, readBuffer, clock };
    return readsAll && fd === undefined ? new BulkTlsConnection(tlsDial) : new TlsConnection(tlsDial, fd);
  }
  const connection = openSocket(options, fd);
  if (fd === undefined) connection.connect({ host: address, port });
  return connection;
}

function openSocket(options: DialOptions, fd?: number): SocketConnection {
  const { ring, readsAll = false } = options;
  if (ring !== undefined && readsAll && fd === undefined)
    return new RingConnection(readBufferOf(options), ring);
  return new SocketConnection(readBufferOf(options), fd);
}

const readBufferOf = ({ readBuffer }: DialOptions): Buffer => readBuffer ?? SHARED_READ_BUFFER;
