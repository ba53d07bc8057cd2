// One client of the hub: a `ws` WebSocket, its outbox, and how it ends. Clients only listen: what they send is read
// and dropped. However it ends, its socket is destroyed within a bounded time.
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Clock, Timer } from '../../time/clock.ts';
import { OPCODE } from '../../wire/frame-header.ts';
import { encodeFrame } from '../../wire/frame-writer.ts';
import type { HubCore, Member } from '../core/core.ts';
import type { Departure } from '../departure.ts';
import type { DeferredQueue } from './deferred-writes.ts';
import { createPongQueue } from './pong-queue.ts';
import { SocketPort } from './socket-port.ts';

/** After a Close frame, or the peer's FIN, the socket is gone within this time whatever the peer does. */
export const CLOSE_LINGER_MILLIS = 800;
/** How long queues may drain when the hub stops; Close 1001 and the linger time follow. */
const STOP_DRAIN_MILLIS = 2_000;
/** A client is gone after this many pings without an answer. */
const MAX_UNANSWERED_PINGS = 2;
const PING = encodeFrame({ opcode: OPCODE.ping });

export interface ConnectionContext {
  readonly core: HubCore;
  readonly clock: Clock;
  readonly evictionGraceMillis: number;
  /** Writes to clients that are new or did not take all of their last write. */
  readonly deferredWrites: Pick<DeferredQueue<SocketPort>, 'add'>;
  /** Sockets to destroy. */
  readonly endings: Pick<DeferredQueue<Socket>, 'add'>;
  readonly onDeparture: (connection: ClientConnection, departure: Departure) => void;
}

export class ClientConnection {
  private readonly member: Member;
  private readonly port: SocketPort;
  private readonly webSocket: WebSocket;
  private readonly socket: Socket;
  private readonly context: ConnectionContext;
  private readonly pongs = createPongQueue();
  private departure: Departure | undefined;
  private endTimer: Timer | undefined;
  private unansweredPings = 0;
  private isPingDue = false;
  private takenBytesAtLastPing = 0;

  constructor(webSocket: WebSocket, socket: Socket, context: ConnectionContext) {
    this.webSocket = webSocket;
    this.socket = socket;
    this.context = context;
    this.port = new SocketPort(socket, webSocket, context.deferredWrites, (error) => this.onTaken(error));
    // Compression is the only extension that the hub agrees to.
    const isDeflated = webSocket.extensions !== '';
    this.member = context.core.join(this.port, () => this.evict(), isDeflated);
    webSocket.on('ping', (payload: Buffer) => this.answerPing(payload));
    webSocket.on('pong', () => {
      this.unansweredPings = 0;
    });
    webSocket.on('error', () => this.depart('protocol error'));
    webSocket.on('close', (code: number) => this.onClosed(code));
    socket.on('end', () => this.depart('closed'));
    // ws has its own error listener; this one only keeps a late error from being unhandled.
    socket.on('error', () => {});
  }

  /** Sends a ping, or disconnects the client when two went unanswered. */
  checkAlive(): void {
    if (this.departure) return;
    // The last ping still stands behind events: while these move, the client is slow, not dead.
    const takenBytes = this.port.takenBytes();
    const isMoving = takenBytes !== this.takenBytesAtLastPing;
    this.takenBytesAtLastPing = takenBytes;
    if (this.isPingDue && isMoving) return;
    if (this.unansweredPings >= MAX_UNANSWERED_PINGS) {
      this.depart('unanswered pings');
      this.socket.destroy();
      return;
    }
    this.unansweredPings += 1;
    this.isPingDue = true;
    this.sendControlFrames();
  }

  /** The hub stops: what is queued drains, then Close 1001, then the end. Resolves when the socket is gone. */
  stop(): Promise<void> {
    if (!this.departure) {
      this.leave('hub stopped');
      this.endAfter(STOP_DRAIN_MILLIS);
      this.closeWhenDrained();
    }
    return new Promise((resolve) => {
      if (this.socket.destroyed) resolve();
      else this.socket.once('close', () => resolve());
    });
  }

  terminate(): void {
    this.socket.destroy();
  }

  get outstandingMessages(): number {
    return this.member.outbox.outstandingMessages;
  }

  get deliveredMessages(): number {
    return this.member.outbox.deliveredMessages;
  }

  private evict(): void {
    // A client whose Close stands behind bytes that it does not read fills up too, but it is not slow: it has ended.
    this.leave(this.webSocket.readyState === WebSocket.OPEN ? 'slow consumer' : 'closed');
    this.endAfter(this.context.evictionGraceMillis);
    this.closeWhenDrained();
  }

  private onTaken(error?: Error | null): void {
    if (error) return;
    // ws has sent a Close, which nothing may follow; or the client has gone.
    if (this.webSocket.readyState !== WebSocket.OPEN) this.member.outbox.abandon();
    // Control frames go first: a client that is always a little behind would never get them otherwise.
    this.sendControlFrames();
    this.member.outbox.onTaken();
    this.closeWhenDrained();
  }

  /** The Close frame goes only behind the last whole frame of the prefix. */
  private closeWhenDrained(): void {
    if (!this.departure || !this.port.isIdle() || this.outstandingMessages > 0) return;
    if (this.departure === 'slow consumer') this.webSocket.close(1013, 'slow consumer');
    else if (this.departure === 'hub stopped') this.webSocket.close(1001, 'hub is stopping');
  }

  /** Answered after the current read, so that the pings of one read cost one write. */
  private answerPing(payload: Buffer): void {
    if (this.pongs.add(payload)) process.nextTick(() => this.sendControlFrames());
  }

  private sendControlFrames(): void {
    if (!this.isPingDue && this.pongs.isEmpty()) return;
    if (this.departure || this.webSocket.readyState !== WebSocket.OPEN || !this.port.isIdle()) return;
    const pongs = this.pongs.takeFrames();
    this.port.writeControl(this.isPingDue ? Buffer.concat([...pongs, PING]) : Buffer.concat(pongs));
    this.isPingDue = false;
  }

  /** Leaves the set at once and receives nothing more; the socket closes within the linger time. */
  private depart(departure: Departure): void {
    this.leave(departure);
    this.member.outbox.abandon();
    this.endAfter(CLOSE_LINGER_MILLIS);
  }

  private leave(departure: Departure): void {
    if (this.departure) return;
    this.departure = departure;
    this.context.core.leave(this.member);
    this.context.onDeparture(this, departure);
  }

  private endAfter(millis: number): void {
    this.endTimer ??= this.context.clock.after(millis, () => this.context.endings.add(this.socket));
  }

  private onClosed(code: number): void {
    this.endTimer?.cancel();
    this.leave(code === 1006 ? 'connection lost' : 'closed');
    this.member.outbox.abandon();
    this.socket.destroy();
  }
}
