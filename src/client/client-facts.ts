// What became of one listening client: when it connected, stalled and ended, and what its kernel held.

import type { ConnectionEnd, ReceiveWindow } from '../wire/connection.ts';
import type { SocketEnds } from '../wire/kernel/socket-ends.ts';

/** Times are microseconds of the machine's clock. */
export interface ClientFacts {
  connectedAtMicros: number | undefined;
  /** Both ends of the TCP connection of a client that has stalled; undefined on a Unix socket. */
  socketEnds: SocketEnds | undefined;
  /** When it last stopped reading, and what it had by then. */
  stalledAtMicros: number | undefined;
  stalledAfterMessages: number;
  endedAtMicros: number | undefined;
  end: ConnectionEnd | undefined;
  window: ReceiveWindow;
  bytesRead: number;
  /** The Sec-WebSocket-Extensions that the hub answered; undefined without compression. */
  extensions: string | undefined;
  /** Of the bytes on the wire so many were the hub's, the rest is TLS; undefined without TLS. */
  plainShare: number | undefined;
  /** Bytes its kernel held at the last `noteUnread`; undefined where the kernel does not show them. */
  unreadBytes: number | undefined;
}

export function createClientFacts(): ClientFacts {
  return {
    connectedAtMicros: undefined,
    socketEnds: undefined,
    stalledAtMicros: undefined,
    stalledAfterMessages: 0,
    endedAtMicros: undefined,
    end: undefined,
    window: 'default',
    bytesRead: 0,
    extensions: undefined,
    plainShare: undefined,
    unreadBytes: undefined,
  };
}
