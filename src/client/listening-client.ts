// One listening client: a connection that reads as its behaviour says. It stalls at the socket, so that the hub's
// kernel and then the hub's own queue fill, as they do for a client that hangs.

import type { Clock, Timer } from '../time/clock.ts';
import type { ConnectAs, Connection, ConnectionEnd, ConnectionListener, Opened } from '../wire/connection.ts';
import { OPCODE } from '../wire/frame-header.ts';
import { encodeClientFrame, encodeClosePayload } from '../wire/frame-writer.ts';
import type { SocketEnds } from '../wire/kernel/socket-ends.ts';
import { openConnection } from '../wire/open-connection.ts';
import type { ReadRing } from '../wire/ring/read-ring.ts';
import type { TlsSessionStore } from '../wire/tls/tls-facts.ts';
import { type Behaviour, stepsOf } from './behaviour.ts';
import { type BehaviourClient, BehaviourRun } from './behaviour-run.ts';
import { createClientFacts } from './client-facts.ts';
import { connectionOptionsFor } from './connection-options.ts';
import { DeferredPong, type PongSender } from './deferred-pong.ts';
import type { ControlListener, Receiver } from './receiver.ts';

/** Between the liveness probes of a stalled client. */
const PROBE_INTERVAL_MILLIS = 250;

export interface ListeningClientOptions {
  /** May be shared by many clients, each with a `spread` of its own. */
  readonly connectAs: ConnectAs;
  readonly spread?: number;
  /** Resumed by a client that comes back. */
  readonly tlsSession?: TlsSessionStore | undefined;
  /** Offers permessage-deflate, as browsers do. */
  readonly offersDeflate?: boolean;
  /** Reads fast clients without TLS; undefined: Node's sockets do. */
  readonly ring?: ReadRing | undefined;
  readonly behaviour: Behaviour;
  readonly clock: Clock;
  readonly createReceiver: (control: ControlListener) => Receiver;
  readonly deadlineMillis: number;
  /**
   * Whether it sends liveness probes in a stall without end. Probes show when the hub closed the socket, at the price
   * of what the kernel still held; a client without them can read that later.
   */
  readonly isProber: boolean;
  /** For a client that its owner will pause: a small window, whatever the behaviour is. */
  readonly forceSmallWindow?: boolean;
  /** The behaviour ended this connection and joins again: open a new client of the same behaviour. */
  readonly onRejoin?: () => void;
  /** Its connection is over, however it ended; not called for one that could not be opened. */
  readonly onEnded?: () => void;
  /** The behaviour stopped or resumed reading. */
  readonly onReading?: (isReading: boolean) => void;
}

export class ListeningClient implements ConnectionListener, ControlListener, BehaviourClient, PongSender {
  // What every read touches comes first and is adjacent: thousands of clients do not fit the cache.
  readonly receiver: Receiver;
  readonly clock: Clock;
  private readonly isFast: boolean;
  readonly facts = createClientFacts();
  isStalled = false;
  private readonly options: ListeningClientOptions;
  private readonly behaviourRun: BehaviourRun;
  private readonly pongs: DeferredPong;
  private connection: Connection | undefined;
  private probeTimer: Timer | undefined;

  constructor(options: ListeningClientOptions) {
    this.options = options;
    this.clock = options.clock;
    this.behaviourRun = new BehaviourRun(options.behaviour, this, options.clock);
    this.isFast = options.behaviour.kind === 'fast';
    this.pongs = new DeferredPong(this);
    this.receiver = options.createReceiver(this);
  }

  get isOpen(): boolean {
    return this.connection?.isOpen ?? false;
  }

  /** Both ends of its TCP connection while connected. */
  get socketEnds(): SocketEnds | undefined {
    return this.connection?.socketEnds;
  }

  /** Bytes read from the kernel so far. */
  get bytesRead(): number {
    return this.connection?.bytesRead ?? 0;
  }

  get receivedMessages(): number {
    return this.receiver.receivedMessages;
  }

  async open(): Promise<Opened> {
    const {
      connectAs,
      spread = connectAs.spread,
      tlsSession,
      ring,
      behaviour,
      clock,
      deadlineMillis,
    } = this.options;
    const { forceSmallWindow = false, offersDeflate = false } = this.options;
    const opened = await openConnection({
      ...connectAs,
      spread,
      tlsSession,
      readsAll: this.isFast && !forceSmallWindow,
      ring,
      offersDeflate,
      listener: this,
      clock,
      deadlineMillis,
      ...connectionOptionsFor(behaviour, forceSmallWindow),
    });
    if (!opened.ok) return opened;
    this.connection = opened.connection;
    this.facts.window = opened.window;
    this.facts.extensions = opened.response.headers['sec-websocket-extensions'];
    if (this.facts.extensions !== undefined) this.receiver.onCompression?.(this.facts.extensions);
    this.facts.connectedAtMicros = this.clock.nowMicros();
    this.behaviourRun.begin();
    return opened;
  }

  /** Hot for fast clients: one clock reading, then the receiver. */
  onBytes(buffer: Buffer, start: number, end: number): void {
    this.receiver.onBytes(buffer, start, end, this.clock.nowMicros());
    if (!this.isFast) this.behaviourRun.onRead(end - start);
  }

  onClosed(end: ConnectionEnd): void {
    this.behaviourRun.end();
    this.probeTimer?.cancel();
    this.pongs.cancel();
    this.facts.endedAtMicros = this.clock.nowMicros();
    this.facts.end = end;
    this.facts.bytesRead = this.bytesRead;
    this.facts.plainShare = this.connection?.plainShare;
    this.receiver.onEnd();
    this.options.onEnded?.();
  }

  onControl(opcode: 8 | 9 | 10, payload: Buffer): void {
    if (opcode === OPCODE.ping && this.behaviourRun.answersPings) {
      this.pongs.onPing(payload);
    } else if (opcode === OPCODE.close) {
      this.connection?.write(encodeClientFrame(OPCODE.close, payload.subarray(0, 2)));
      this.connection?.endWriting();
    }
  }

  sendPong(payload: Buffer): void {
    this.connection?.write(encodeClientFrame(OPCODE.pong, payload));
  }

  pauseReading(): void {
    this.connection?.pauseReading();
  }

  resumeReading(): void {
    this.connection?.resumeReading();
  }

  reset(): void {
    this.connection?.reset();
  }

  rejoin(): void {
    this.close();
    this.options.onRejoin?.();
  }

  onStall(): void {
    this.isStalled = true;
    this.facts.socketEnds = this.socketEnds;
    this.facts.stalledAtMicros = this.clock.nowMicros();
    this.facts.stalledAfterMessages = this.receiver.receivedMessages;
    const last = stepsOf(this.options.behaviour).at(-1)?.reading.kind;
    if (this.options.isProber && last === 'stall') this.probe();
    this.options.onReading?.(false);
  }

  onResume(): void {
    this.isStalled = false;
    this.probeTimer?.cancel();
    this.pongs.begin();
    this.options.onReading?.(true);
  }

  /** Resumes reading, whatever the behaviour says, to receive what is still queued. */
  drain(): void {
    this.takeOver();
    if (this.isOpen) this.pongs.begin();
    this.connection?.resumeReading();
  }

  /** Stops reading at the socket and ends the behaviour; `drain` resumes reading. */
  hold(): void {
    this.takeOver();
    this.connection?.pauseReading();
  }

  /** The closing handshake, from this side (RFC 6455 section 7.1.2). */
  leave(): void {
    this.takeOver();
    this.connection?.write(encodeClientFrame(OPCODE.close, encodeClosePayload(1_000)));
    this.connection?.resumeReading();
  }

  /** An unsolicited Pong: a socket that the hub has closed answers with a reset (RFC 6455 section 5.5.3). */
  probeLiveness(): void {
    if (this.isOpen) this.connection?.write(encodeClientFrame(OPCODE.pong));
  }

  /** Ends the connection with a reset, so that thousands of ports do not stay in TIME_WAIT. */
  close(): void {
    this.takeOver();
    if (this.isOpen) this.connection?.reset();
  }

  private takeOver(): void {
    this.behaviourRun.end();
    this.probeTimer?.cancel();
    this.isStalled = false;
  }

  private probe(): void {
    this.probeTimer = this.clock.after(PROBE_INTERVAL_MILLIS, () => {
      if (!this.isOpen) return;
      this.probeLiveness();
      this.probe();
    });
  }
}
