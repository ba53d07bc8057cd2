// A connection to a hub before anything is sent: over TCP or TLS, with the window and the read buffer that were asked for.
import { lookup } from 'node:dns/promises';
import type { OpeningConnection, OpenOptions, ReceiveWindow } from './connection.ts';
import { addressOf, type HubAddress } from './hub-address.ts';
import { openSmallWindowDescriptor } from './kernel/small-window-socket.ts';
import { SocketConnection } from './socket-connection.ts';
import { BulkTlsConnection } from './tls/bulk-tls-connection.ts';
import { TlsConnection } from './tls/tls-connection.ts';
import { isTlsUrl } from './tls/tls-settings.ts';

const SHARED_READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

export type DialOptions = Pick<
  OpenOptions,
  'url' | 'tls' | 'tlsSession' | 'readsAll' | 'window' | 'readBuffer' | 'clock'
>;

export type DialAttempt =
  | { readonly ok: true; readonly connection: OpeningConnection; readonly window: ReceiveWindow }
  | { readonly ok: false; readonly kind: 'unreachable'; readonly problem: string };

/** The connection may still be on its way; what is written waits for it. */
export async function dial(options: DialOptions): Promise<DialAttempt> {
  try {
    const { host, port } = addressOf(options.url);
    const address = await lookup(host);
    const fd = options.window === 'small' ? openSmallWindowDescriptor(address, port) : undefined;
    const connection = connectTo({ host, port, address: address.address }, options, fd);
    return { ok: true, connection, window: fd === undefined ? 'default' : 'small' };
  } catch (error) {
    return {
      ok: false,
      kind: 'unreachable',
      problem: `cannot reach ${options.url}: ${(error as Error).message}`,
    };
  }
}

interface Destination extends HubAddress {
  /** What the host was resolved to. */
  readonly address: string;
}

function connectTo(to: Destination, options: DialOptions, fd?: number): OpeningConnection {
  const readBuffer = options.readBuffer ?? SHARED_READ_BUFFER;
  if (isTlsUrl(options.url)) {
    const { tls: settings, tlsSession: session, clock, readsAll = false } = options;
    const tlsDial = { ...to, settings, session, readBuffer, clock };
    return readsAll && fd === undefined ? new BulkTlsConnection(tlsDial) : new TlsConnection(tlsDial, fd);
  }
  const connection = new SocketConnection(readBuffer, fd);
  if (fd === undefined) connection.connect(to.address, to.port);
  return connection;
}
