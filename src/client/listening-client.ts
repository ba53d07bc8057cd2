// One listening client: a connection that reads as its behaviour says. It stalls at the socket, so that the hub's
// kernel and then the hub's own queue fill, as they do for a client that hangs.
import type { Clock, Timer } from '../time/clock.ts';
import type {
  Connection,
  ConnectionEnd,
  ConnectionListener,
  Opened,
  ReceiveWindow,
} from '../wire/connection.ts';
import { OPCODE } from '../wire/frame-header.ts';
import { encodeClientFrame } from '../wire/frame-writer.ts';
import { openConnection } from '../wire/open-connection.ts';
import { type Behaviour, isSlow } from './behaviour.ts';
import type { ControlListener, Receiver } from './receiver.ts';

/** A stalled client that probes sends an unsolicited Pong this often: a socket the hub has closed answers with a reset. */
const PROBE_INTERVAL_MILLIS = 250;
/** Reads of a trickling client are about this many a second. */
const TRICKLE_READS_PER_SECOND = 8;

export interface ListeningClientOptions {
  readonly url: string;
  readonly behaviour: Behaviour;
  readonly clock: Clock;
  readonly createReceiver: (control: ControlListener) => Receiver;
  readonly deadlineMillis: number;
  /**
   * Whether it probes while it stalls. A prober learns when the hub let go of it, and loses what its kernel still held;
   * one that does not can read that later and show what it got.
   */
  readonly isProber: boolean;
  /** Its owner will hold it: its kernel must not hide megabytes, whatever the behaviour is. */
  readonly forceSmallWindow?: boolean;
}

/** What became of a client; times in microseconds of the machine's clock. */
export interface ClientFacts {
  connectedAtMicros: number | undefined;
  /** When it stopped reading, and what it had by then. */
  stalledAtMicros: number | undefined;
  stalledAfterMessages: number;
  endedAtMicros: number | undefined;
  end: ConnectionEnd | undefined;
  window: ReceiveWindow;
  bytesRead: number;
}

export class ListeningClient implements ConnectionListener, ControlListener {
  readonly facts: ClientFacts = {
    connectedAtMicros: undefined,
    stalledAtMicros: undefined,
    stalledAfterMessages: 0,
    endedAtMicros: undefined,
    end: undefined,
    window: 'default',
    bytesRead: 0,
  };
  readonly receiver: Receiver;
  private readonly options: ListeningClientOptions;
  private connection: Connection | undefined;
  private timer: Timer | undefined;
  private isDraining = false;

  constructor(options: ListeningClientOptions) {
    this.options = options;
    this.receiver = options.createReceiver(this);
  }

  get isOpen(): boolean {
    return this.connection?.isOpen ?? false;
  }

  get isStalled(): boolean {
    return this.facts.stalledAtMicros !== undefined && !this.isDraining;
  }

  async open(): Promise<Opened> {
    const { url, behaviour, deadlineMillis, forceSmallWindow = false } = this.options;
    const opened = await openConnection({
      url,
      listener: this,
      deadlineMillis,
      ...(forceSmallWindow || isSlow(behaviour) ? { window: 'small' } : {}),
      ...(behaviour.kind === 'trickle' ? { readBuffer: trickleBuffer(behaviour.bytesPerSecond) } : {}),
    });
    if (!opened.ok) return opened;
    this.connection = opened.connection;
    this.facts.window = opened.window;
    this.facts.connectedAtMicros = this.options.clock.nowMicros();
    this.begin();
    return opened;
  }

  /** Hot for fast clients: one clock reading, then the receiver. */
  onBytes(buffer: Buffer, start: number, end: number): void {
    this.receiver.onBytes(buffer, start, end, this.options.clock.nowMicros());
    if (this.options.behaviour.kind !== 'fast') this.react(end - start);
  }

  onClosed(end: ConnectionEnd): void {
    this.timer?.cancel();
    this.facts.endedAtMicros = this.options.clock.nowMicros();
    this.facts.end = end;
    this.facts.bytesRead = this.connection?.bytesRead ?? 0;
    this.receiver.onEnd();
  }

  onControl(opcode: 8 | 9 | 10, payload: Buffer): void {
    const { kind } = this.options.behaviour;
    if (opcode === OPCODE.ping && kind !== 'never-pong' && kind !== 'half-open') {
      this.connection?.write(encodeClientFrame(OPCODE.pong, payload));
    } else if (opcode === OPCODE.close) {
      this.connection?.write(encodeClientFrame(OPCODE.close, payload.subarray(0, 2)));
      this.connection?.endWriting();
    }
  }

  /** Reads on, whatever the behaviour says, to see what is still there. */
  drain(): void {
    this.isDraining = true;
    this.timer?.cancel();
    this.connection?.resumeReading();
  }

  /** Stops reading at the socket; the behaviour is over, and its owner decides when it reads again (`drain`). */
  hold(): void {
    this.isDraining = true;
    this.timer?.cancel();
    this.connection?.pauseReading();
  }

  /** The closing handshake, from this side (RFC 6455 section 7.1.2). */
  leave(): void {
    this.isDraining = true;
    this.timer?.cancel();
    this.connection?.write(encodeClientFrame(OPCODE.close, Buffer.from([0x03, 0xe8])));
    this.connection?.resumeReading();
  }

  /** An unsolicited Pong: a socket that the hub has closed answers with a reset. */
  knock(): void {
    if (this.isOpen) this.connection?.write(encodeClientFrame(OPCODE.pong));
  }

  /** Ends the connection with a reset, so that thousands of them leave no ports behind waiting. */
  close(): void {
    this.timer?.cancel();
    if (this.isOpen) this.connection?.reset();
  }

  private begin(): void {
    const { behaviour } = this.options;
    if (behaviour.kind === 'half-open') this.stall();
    else if (behaviour.kind === 'stall' && behaviour.afterMessages === 0) this.stall();
    else if (behaviour.kind === 'flap') this.flap(behaviour.readMillis, behaviour.pauseMillis, true);
  }

  private react(readBytes: number): void {
    if (this.isDraining) return;
    const { behaviour } = this.options;
    switch (behaviour.kind) {
      case 'stall':
        if (this.receiver.receivedMessages >= behaviour.afterMessages) this.stall();
        break;
      case 'vanish':
        if (this.receiver.receivedMessages >= behaviour.afterMessages) this.connection?.reset();
        break;
      case 'trickle':
        this.waitBeforeReading((readBytes / behaviour.bytesPerSecond) * 1_000);
        break;
      case 'lag':
        this.waitBeforeReading(behaviour.waitMillis);
        break;
      default:
    }
  }

  private stall(): void {
    if (this.facts.stalledAtMicros !== undefined) return;
    this.connection?.pauseReading();
    this.facts.stalledAtMicros = this.options.clock.nowMicros();
    this.facts.stalledAfterMessages = this.receiver.receivedMessages;
    if (this.options.isProber && this.options.behaviour.kind === 'stall') this.probe();
  }

  private probe(): void {
    this.timer = this.options.clock.after(PROBE_INTERVAL_MILLIS, () => {
      if (!this.isOpen) return;
      this.connection?.write(encodeClientFrame(OPCODE.pong));
      this.probe();
    });
  }

  private waitBeforeReading(waitMillis: number): void {
    this.connection?.pauseReading();
    this.timer = this.options.clock.after(waitMillis, () => this.connection?.resumeReading());
  }

  private flap(readMillis: number, pauseMillis: number, isReading: boolean): void {
    this.timer = this.options.clock.after(isReading ? readMillis : pauseMillis, () => {
      if (!this.isOpen) return;
      if (isReading) this.connection?.pauseReading();
      else this.connection?.resumeReading();
      this.flap(readMillis, pauseMillis, !isReading);
    });
  }
}

function trickleBuffer(bytesPerSecond: number): Buffer {
  return Buffer.allocUnsafeSlow(
    Math.max(1, Math.min(16_384, Math.ceil(bytesPerSecond / TRICKLE_READS_PER_SECOND))),
  );
}
