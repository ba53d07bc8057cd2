// One client connection as bytes: what the kit can do to a WebSocket at the socket. Frames are read and written by
// others; here are only the opening, reading at the kernel's pace, and every way a connection can end.
import type { LookupAddress } from 'node:dns';
import type { Clock } from '../time/clock.ts';
import type { SocketEnds } from './kernel/socket-ends.ts';
import type { ReadRing } from './ring/read-ring.ts';
import type { TlsFacts, TlsSessionStore } from './tls/tls-facts.ts';
import type { TlsSettings } from './tls/tls-settings.ts';

/** Receives the bytes and the end of one connection. `onBytes` is hot: once per read. */
export interface ConnectionListener {
  /** Bytes `start` to `end` of `buffer`; the buffer is shared by all connections and valid only during the call. */
  onBytes(buffer: Buffer, start: number, end: number): void;
  /** The last call, exactly once. */
  onClosed(end: ConnectionEnd): void;
}

export interface ConnectionEnd {
  /** fin: the peer ended in order; reset: ECONNRESET or EPIPE; local: this side ended it; error: anything else. */
  readonly kind: 'fin' | 'reset' | 'local' | 'error';
  /** The system's error code where there is one, such as ECONNRESET. */
  readonly code?: string;
  /** What went wrong in TLS, as a sentence. */
  readonly problem?: string;
  /** The peer's bytes end inside a TLS record; of connections that are opened with `readsAll` nobody knows. */
  readonly isRecordTorn?: boolean;
}

export interface Connection {
  readonly isOpen: boolean;
  /** Bytes read from the kernel so far, the handshake response included. */
  readonly bytesRead: number;
  /** Of the bytes on the wire so many were the peer's, the rest is TLS; undefined without TLS, or where nobody counts. */
  readonly plainShare?: number | undefined;
  /** Both ends of the TCP connection; undefined on a Unix socket, and once the connection is over. */
  readonly socketEnds: SocketEnds | undefined;
  /** Sends bytes as they are. On a connection that has ended it does nothing. */
  write(bytes: Uint8Array): void;
  /** Stops reading at the socket: the kernel's window fills and the peer has to wait. May be called from onBytes. */
  pauseReading(): void;
  resumeReading(): void;
  /** Gives a small receive window an ordinary size, as far as that can be done later; absent where windows are never small. */
  widenWindow?(): void;
  /** FIN: ends this side's writing and keeps reading. */
  endWriting(): void;
  /** RST, as a crashed peer whose kernel lives. */
  reset(): void;
  /** Closes at once; `onClosed` follows. */
  destroy(): void;
}

/** A connection while its opening handshake is under way. */
export interface OpeningConnection extends Connection {
  /** May be replaced at any time. */
  listener: ConnectionListener;
  /** Known once the TLS handshake is over; undefined without TLS. */
  readonly tls?: TlsFacts | undefined;
  /** Begins to read; called once the listener is in place. */
  start(): void;
  /** Reads nothing until the next turn of the event loop, which begins with `bytes`, read too early. */
  hold(bytes: Buffer): void;
}

/**
 * How much the kernel may hide before a peer notices that this side does not read. `small` is a 4 KiB receive buffer
 * and 536-byte segments, set before connecting: about 50 KiB in all; `default` hides 2 to 5 MiB on loopback.
 */
export type ReceiveWindow = 'default' | 'small';

/** How one client connects: where to, and who it says it is. Whatever connects takes one whole, so that nothing is forgotten. */
export interface ConnectAs {
  /** `ws://host:port/path`, `wss:` for TLS, or `ws+unix:/run/hub.sock:/path`. */
  readonly url: string;
  /** How messages name the hub, where the URL has parts of this client alone; default: the URL. */
  readonly shownUrl?: string | undefined;
  /** Which of several addresses of the host, and of several sources: this number modulo how many there are. Default 0. */
  readonly spread?: number | undefined;
  /** Of the host, where they are known already; undefined: they are looked up. */
  readonly addresses?: HostAddresses | undefined;
  /** Addresses of this machine to connect from, IPv4 and IPv6; default: the system chooses. */
  readonly sources?: readonly string[] | undefined;
  /** A port of 127.0.0.1 to which the socket connects instead; TLS, Host and messages keep to the URL. */
  readonly via?: number | undefined;
  /** How certificates are judged, and the client's own; not used without TLS. */
  readonly tls?: TlsSettings | undefined;
  /** Extra request headers, sent in this order after the required ones; Host replaces the usual one. No Origin unless it is here. */
  readonly headers?: readonly HeaderLine[] | undefined;
  /** Offered in this order; the hub may choose one of them. */
  readonly subprotocols?: readonly string[] | undefined;
  /** Texts of this client that are hidden where a hub repeats them. */
  readonly secrets?: readonly string[] | undefined;
}

/** At least one. */
export type HostAddresses = readonly [LookupAddress, ...LookupAddress[]];

export type HeaderLine = readonly [name: string, value: string];

export interface OpenOptions extends ConnectAs {
  /** The client's session of earlier connections, which is resumed and then replaced. */
  readonly tlsSession?: TlsSessionStore | undefined;
  /** The client never stops reading for long: TLS may then read ahead, which is faster. */
  readonly readsAll?: boolean | undefined;
  /** Reads the connection after the handshake, where the client reads all and there is no TLS. */
  readonly ring?: ReadRing | undefined;
  readonly listener: ConnectionListener;
  readonly clock: Clock;
  /** Milliseconds from the call to the end of the handshake, on top of `handshakeMillis`. */
  readonly deadlineMillis: number;
  /** Over how many milliseconds the request is sent, a few bytes at a time; default 0: at once. */
  readonly handshakeMillis?: number;
  readonly window?: ReceiveWindow;
  /** Offers permessage-deflate, as browsers do; what the hub answered is in the response. Default false. */
  readonly offersDeflate?: boolean;
  /** A request of the caller's own, sent as it is; `headers`, `subprotocols` and `offersDeflate` are not used then. */
  readonly request?: OwnRequest;
  /** A read buffer to share; by default one per thread. A small one makes small reads. */
  readonly readBuffer?: Buffer;
}

export interface OwnRequest {
  readonly bytes: Buffer;
  /** Places in the bytes, ascending: what follows each is sent a few milliseconds later. Default: all at once. */
  readonly cuts?: readonly number[];
  /** Another request, answered on the same connection before, where the server keeps the connection then. */
  readonly before?: Buffer | undefined;
  /** Why the answer is not a correct 101 to this request; undefined when it is. */
  readonly findFault: (response: HandshakeResponse) => string | undefined;
}

export type Opened =
  | {
      readonly ok: true;
      readonly connection: Connection;
      /** What the host was resolved to; undefined on a Unix socket. */
      readonly address?: string | undefined;
      /** The one of `sources` that it came from; undefined: the system chose. */
      readonly source?: string | undefined;
      readonly window: ReceiveWindow;
      readonly response: HandshakeResponse;
      readonly tls?: TlsFacts | undefined;
    }
  | Refusal;

export interface Refusal {
  readonly ok: false;
  /** unreachable: no TCP connection; refused: an HTTP answer that is not a correct 101; dropped: ended without an answer; timeout. */
  readonly kind: 'unreachable' | 'refused' | 'dropped' | 'timeout';
  /** The same as one word to count by (failure/failure-cause.ts). */
  readonly cause: string;
  /** With the first lines of the answer's body. */
  readonly problem: string;
  readonly response?: HandshakeResponse;
}

export interface HandshakeResponse {
  readonly status: number;
  /** Names in lower case; a repeated header has its values joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
}
