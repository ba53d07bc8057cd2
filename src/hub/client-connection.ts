// One client of the hub: a `ws` WebSocket, its outbox, and how it ends. Clients only listen: what they send is read
// and dropped. Every way out leads to `end`, which runs once and leaves no socket open.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock, Timer } from '../time/clock.ts';
import type { HubCore, Member } from './core.ts';
import { SocketPort } from './socket-port.ts';

/** After a Close frame, or the peer's FIN, the socket is gone within this time whatever the peer does. */
export const CLOSE_LINGER_MILLIS = 1_000;
/** A client is gone after this many pings without an answer. */
const MAX_UNANSWERED_PINGS = 2;

/** Why a client left, for the metrics. */
export type Departure =
  | 'closed'
  | 'slow consumer'
  | 'unanswered pings'
  | 'protocol error'
  | 'connection lost'
  | 'hub stopped';

export interface ConnectionContext {
  readonly core: HubCore;
  readonly clock: Clock;
  readonly evictionGraceMillis: number;
  readonly onDeparture: (connection: ClientConnection, departure: Departure) => void;
}

export class ClientConnection {
  private readonly member: Member;
  private readonly port: SocketPort;
  private readonly webSocket: WebSocket;
  private readonly socket: Socket;
  private readonly context: ConnectionContext;
  private departure: Departure | undefined;
  private endTimer: Timer | undefined;
  private unansweredPings = 0;
  private pendingPong: Buffer | undefined;

  constructor(webSocket: WebSocket, socket: Socket, context: ConnectionContext) {
    this.webSocket = webSocket;
    this.socket = socket;
    this.context = context;
    this.port = new SocketPort(socket, () => this.onTaken());
    this.member = context.core.join(this.port, () => this.evict());
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

  /** Sends a ping, or gives the client up when two went unanswered. */
  checkAlive(): void {
    if (this.departure) return;
    if (this.unansweredPings >= MAX_UNANSWERED_PINGS) {
      this.depart('unanswered pings');
      this.socket.destroy();
      return;
    }
    this.unansweredPings += 1;
    // A ping behind bytes that the client does not take would only pile up.
    if (this.socket.writableLength === 0) this.webSocket.ping();
  }

  /** The hub stops: Close 1001 behind what is queued, then the end. */
  stop(): void {
    if (this.departure) return;
    this.leave('hub stopped');
    this.finishWhenDrained();
    this.endAfter(CLOSE_LINGER_MILLIS * 2);
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
    this.leave('slow consumer');
    this.endAfter(this.context.evictionGraceMillis);
    this.finishWhenDrained();
  }

  private onTaken(): void {
    this.member.outbox.onTaken();
    this.sendPendingPong();
    if (this.departure) this.finishWhenDrained();
  }

  /** The Close frame goes only behind the last whole frame of the prefix. */
  private finishWhenDrained(): void {
    if (this.outstandingMessages > 0 || this.port.hasTornFrame()) return;
    if (this.departure === 'slow consumer') this.webSocket.close(1013, 'slow consumer');
    else if (this.departure === 'hub stopped') this.webSocket.close(1001, 'hub is stopping');
  }

  private answerPing(payload: Buffer): void {
    this.pendingPong = payload;
    this.sendPendingPong();
  }

  /** Only the latest ping needs an answer (RFC 6455 5.5.3): a flood of pings never piles up pongs. */
  private sendPendingPong(): void {
    if (!this.pendingPong || this.departure || this.socket.writableLength > 0) return;
    this.webSocket.pong(this.pendingPong);
    this.pendingPong = undefined;
  }

  /** Out of the set at once; the socket follows within the linger time. */
  private depart(departure: Departure): void {
    this.leave(departure);
    this.endAfter(CLOSE_LINGER_MILLIS);
  }

  private leave(departure: Departure): void {
    if (this.departure) return;
    this.departure = departure;
    this.context.core.leave(this.member);
    this.context.onDeparture(this, departure);
  }

  private endAfter(millis: number): void {
    this.endTimer ??= this.context.clock.after(millis, () => this.end());
  }

  /** The last word: a Close frame if it can still be written, and the socket is gone whether the peer reads or not. */
  private end(): void {
    if (!this.port.hasTornFrame()) this.finishWhenDrained();
    this.socket.destroy();
  }

  private onClosed(code: number): void {
    this.endTimer?.cancel();
    this.leave(code === 1006 ? 'connection lost' : 'closed');
    this.socket.destroy();
  }
}
