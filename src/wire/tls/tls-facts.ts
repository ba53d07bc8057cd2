// What a finished TLS handshake agreed on.
import type { TLSSocket } from 'node:tls';

export interface TlsFacts {
  /** Such as TLSv1.3. */
  readonly protocol: string;
  /** Such as TLS_AES_256_GCM_SHA384. */
  readonly cipher: string;
  /** The session of an earlier connection was resumed. */
  readonly isResumed: boolean;
  /** From dialing to the end of the handshake, the TCP connection included. */
  readonly handshakeMicros: number;
}

/** The session of one client, which it resumes when it comes back, as a browser does. */
export interface TlsSessionStore {
  session: Buffer | undefined;
}

export function readTlsFacts(socket: TLSSocket, handshakeMicros: number): TlsFacts {
  return {
    ...readAgreed(socket),
    isResumed: socket.isSessionReused(),
    handshakeMicros,
  };
}

/** What both sides agreed on. */
export function readAgreed(socket: TLSSocket): Pick<TlsFacts, 'protocol' | 'cipher'> {
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher()?.name ?? 'unknown',
  };
}

/** Offers the session of the store, and keeps each that the server hands out. */
export function sessionOf(store: TlsSessionStore | undefined): { session?: Buffer } {
  return store?.session === undefined ? {} : { session: store.session };
}

export function keepSessions(socket: TLSSocket, store: TlsSessionStore | undefined): void {
  if (store)
    socket.on('session', (session) => {
      store.session = session;
    });
}
