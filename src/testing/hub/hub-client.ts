// One client of the hookable hub: its queue, its one frame in flight, and how it ends. One frame at a time goes to the
// socket and the next waits for its write callback, so that "outstanding" counts exactly the messages whose last byte the
// kernel has not taken.
import type { Duplex } from 'node:stream';
import type { Timer } from '../../time/clock.ts';

export interface HubMessage {
  /** The envelope as the producer sent it. */
  readonly text: string;
  /** The whole frame as it goes to every client. */
  readonly frame: Buffer;
  /** Position among all broadcasts, from 0. */
  readonly number: number;
}

/** open: served; leaving: out of the set, still being written to; gone: the socket is closed. */
type ClientPhase = 'open' | 'leaving' | 'gone';

export interface HubClient {
  readonly id: number;
  readonly remoteAddress: string;
  readonly socket: Duplex;
  phase: ClientPhase;
  /** Messages not yet handed to the kernel, oldest first. */
  readonly queue: HubMessage[];
  /** Control frames; they go before the queue. At most one Pong waits, the newest (RFC 6455 section 5.5.3). */
  pendingPong: Buffer | undefined;
  pendingPing: Buffer | undefined;
  /** What is at the kernel and not yet taken whole. */
  inFlight: 'nothing' | 'message' | 'control';
  /** The Close frame, written when the queue is empty; the socket ends after it. */
  pendingClose: Buffer | undefined;
  /** Pings sent since the last sign of life. */
  unansweredPings: number;
  /** Messages written whole so far. */
  deliveredMessages: number;
  /** Ends with the client. */
  readonly timers: Set<Timer>;
}

export function createHubClient(id: number, socket: Duplex, remoteAddress: string): HubClient {
  return {
    id,
    remoteAddress,
    socket,
    phase: 'open',
    queue: [],
    pendingPong: undefined,
    pendingPing: undefined,
    inFlight: 'nothing',
    pendingClose: undefined,
    unansweredPings: 0,
    deliveredMessages: 0,
    timers: new Set(),
  };
}

/** Messages whose last byte the kernel has not taken. */
export function outstandingMessages(client: HubClient): number {
  return client.queue.length + (client.inFlight === 'message' ? 1 : 0);
}
