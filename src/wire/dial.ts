// A connection to a hub before anything is sent: over TCP, TLS or a Unix socket, with the window and the read buffer that were
// asked for.
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { findReachable } from './address/reachable-addresses.ts';
import type { OpeningConnection, OpenOptions, ReceiveWindow, Refusal } from './connection.ts';
import { causeOfDial } from './failure/failure-cause.ts';
import { addressOf, type HubAddress, type TcpAddress } from './hub-address.ts';
import { openPreparedDescriptor, openUnixDescriptor } from './kernel/prepared-socket.ts';
import { bindSocketCalls } from './kernel/socket-calls.ts';
import type { ReadRing } from './ring/read-ring.ts';
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
  | 'addresses'
  | 'sources'
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
      /** The one of `sources` that it came from. */
      readonly source?: string | undefined;
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
    const fd = ringOf(options) ? openUnixDescriptor(to.socketPath) : undefined;
    return { ok: true, connection: openPlain(to, options, { fd }), window: 'default' };
  }
  try {
    const answering = options.addresses ?? (await findReachable(to.host, to.port)).answering;
    const spread = options.spread ?? 0;
    const address = answering[spread % answering.length] ?? answering[0];
    const source = sourceFor(address, Math.floor(spread / answering.length), options.sources);
    return { ...dialAt(to, address, options, source), address: address.address, source };
  } catch (error) {
    return {
      ok: false,
      kind: 'unreachable',
      cause: causeOfDial(error as NodeJS.ErrnoException),
      problem: `cannot reach ${options.shownUrl ?? options.url}: ${(error as Error).message}`,
    };
  }
}

/** The client's own of those that are of the family of the hub's address. */
function sourceFor(
  { family }: LookupAddress,
  spread: number,
  sources: readonly string[] = [],
): string | undefined {
  const own = sources.length === 0 ? sources : sources.filter((source) => isIP(source) === family);
  return own[spread % own.length];
}

function dialAt(
  to: TcpAddress,
  address: LookupAddress,
  options: DialOptions,
  source?: string,
): DialAttempt & { readonly ok: true } {
  const isSmall = options.window === 'small';
  const isPrepared =
    isSmall || ringOf(options) !== undefined || (source !== undefined && !readsAhead(options));
  const fd = isPrepared ? openPreparedDescriptor(address, to.port, { isSmall, source }) : undefined;
  const connection = connectTo(to, address, options, { fd, source });
  return { ok: true, connection, window: isSmall && fd !== undefined ? 'small' : 'default' };
}

/** Only what reads everything at once, and without TLS, is read by a ring. */
const ringOf = ({ url, ring, readsAll = false, window }: DialOptions): ReadRing | undefined =>
  readsAll && window !== 'small' && !isTlsUrl(url) ? ring : undefined;

/** Node connects such a socket itself. */
const readsAhead = ({ url, readsAll = false, window }: DialOptions): boolean =>
  isTlsUrl(url) && readsAll && window !== 'small';

interface OwnEnd {
  /** Of a socket that is connecting already. */
  readonly fd: number | undefined;
  readonly source?: string | undefined;
}

function connectTo(
  { host, port }: TcpAddress,
  { address }: LookupAddress,
  options: DialOptions,
  { fd, source }: OwnEnd,
): OpeningConnection {
  const readBuffer = readBufferOf(options);
  if (isTlsUrl(options.url)) {
    const { tls: settings, tlsSession: session, clock } = options;
    const tlsDial = { host, port, address, source, settings, session, readBuffer, clock };
    return readsAhead(options) ? new BulkTlsConnection(tlsDial) : new TlsConnection(tlsDial, fd);
  }
  return openPlain({ host: address, port }, options, { fd, source });
}

function openPlain(to: HubAddress, options: DialOptions, { fd, source }: OwnEnd): OpeningConnection {
  const readBuffer = readBufferOf(options);
  const ring = ringOf(options);
  const calls = ring && bindSocketCalls();
  if (ring && calls && fd !== undefined) return new RingConnection({ fd, ring, calls, readBuffer });
  const connection = new SocketConnection(readBuffer, fd);
  if (fd === undefined) connection.connect(to, source);
  return connection;
}

const readBufferOf = ({ readBuffer }: DialOptions): Buffer => readBuffer ?? SHARED_READ_BUFFER;
