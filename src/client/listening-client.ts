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
import { readSocketQueues } from '../wire/socket-queues.ts';
import { type Behaviour, isSlow, stepsOf } from './behaviour.ts';
import { type BehaviourClient, BehaviourRun } from './behaviour-run.ts';
import { DeferredPong } from './deferred-pong.ts';
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
   * Whether it probes while it stalls for ever. A prober learns when the hub let go of it, and loses what its kernel
   * still held; one that does not can read that later and show what it got.
   */
  readonly isProber: boolean;
  /** Its owner will hold it: its kernel must not hide megabytes, whatever the behaviour is. */
  readonly forceSmallWindow?: boolean;
  /** Its behaviour ended this connection and wants another: a new client of the same behaviour. */
  readonly onRejoin?: () => void;
  /** Its behaviour stopped its reading, or let it read on. */
  readonly onReading?: (isReading: boolean) => void;
}

/** What became of a client; times in microseconds of the machine's clock. */
export interface ClientFacts {
  connectedAtMicros: number | undefined;
  /** This side's port. */
  localPort: number | undefined;
  /** When it last stopped reading, and what it had by then. */
  stalledAtMicros: number | undefined;
  stalledAfterMessages: number;
  endedAtMicros: number | undefined;
  end: ConnectionEnd | undefined;
  window: ReceiveWindow;
  bytesRead: number;
  /** What its kernel held when its owner last asked (noteUnread); undefined where nobody knows. */
  unreadBytes: number | undefined;
}

export class ListeningClient implements ConnectionListener, ControlListener, BehaviourClient {
  // What every read touches lies together and in this object: thousands of clients do not fit the cache.
  readonly receiver: Receiver;
  private readonly clock: Clock;
  private readonly isFast: boolean;
  readonly facts: ClientFacts = {
    connectedAtMicros: undefined,
    localPort: undefined,
    stalledAtMicros: undefined,
    stalledAfterMessages: 0,
    endedAtMicros: undefined,
    end: undefined,
    window: 'default',
    bytesRead: 0,
    unreadBytes: undefined,
  };
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
    this.pongs = new DeferredPong({
      clock: options.clock,
      bytesRead: () => this.connection?.bytesRead ?? 0,
      answer: (payload) => this.connection?.write(encodeClientFrame(OPCODE.pong, payload)),
    });
    this.receiver = options.createReceiver(this);
  }

  get isOpen(): boolean {
    return this.connection?.isOpen ?? false;
  }

  /** This side's port while connected. */
  get localPort(): number | undefined {
    return this.connection?.localPort;
  }

  get receivedMessages(): number {
    return this.receiver.receivedMessages;
  }

  async open(): Promise<Opened> {
    const { url, behaviour, clock, deadlineMillis, forceSmallWindow = false } = this.options;
    const opened = await openConnection({
      url,
      listener: this,
      clock,
      deadlineMillis,
      ...(forceSmallWindow || isSlow(behaviour) ? { window: 'small' } : {}),
      ...readBufferOf(behaviour),
      ...handshakeOf(behaviour),
    });
    if (!opened.ok) return opened;
    this.connection = opened.connection;
    this.facts.window = opened.window;
    this.facts.connectedAtMicros = this.clock.nowMicros();
    this.facts.localPort = opened.connection.localPort;
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
    this.facts.bytesRead = this.connection?.bytesRead ?? 0;
    this.receiver.onEnd();
  }

  onControl(opcode: 8 | 9 | 10, payload: Buffer): void {
    if (opcode === OPCODE.ping && this.behaviourRun.answersPings) {
      this.pongs.onPing(payload);
    } else if (opcode === OPCODE.close) {
      this.connection?.write(encodeClientFrame(OPCODE.close, payload.subarray(0, 2)));
      this.connection?.endWriting();
    }
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

  /** Reads on, whatever the behaviour says, to see what is still there. */
  drain(): void {
    this.takeOver();
    if (this.isOpen) this.pongs.begin();
    this.connection?.resumeReading();
  }

  /** Stops reading at the socket; the behaviour is over, and its owner decides when it reads again (`drain`). */
  hold(): void {
    this.takeOver();
    this.connection?.pauseReading();
  }

  /** The closing handshake, from this side (RFC 6455 section 7.1.2). */
  leave(): void {
    this.takeOver();
    this.connection?.write(encodeClientFrame(OPCODE.close, Buffer.from([0x03, 0xe8])));
    this.connection?.resumeReading();
  }

  /** An unsolicited Pong: a socket that the hub has closed answers with a reset. */
  probeLiveness(): void {
    if (this.isOpen) this.connection?.write(encodeClientFrame(OPCODE.pong));
  }

  /** Ends the connection with a reset, so that thousands of them leave no ports behind waiting. */
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

/** A trickling client reads a little at a time, for which it needs a buffer of its own. */
function readBufferOf(behaviour: Behaviour): { readonly readBuffer?: Buffer } {
  const rates = stepsOf(behaviour).flatMap(({ reading }) =>
    reading.kind === 'trickle' ? [reading.bytesPerSecond] : [],
  );
  if (rates.length === 0) return {};
  const bytes = Math.ceil(Math.min(...rates) / TRICKLE_READS_PER_SECOND);
  return { readBuffer: Buffer.allocUnsafeSlow(Math.max(1, Math.min(16_384, bytes))) };
}

function handshakeOf(behaviour: Behaviour): { readonly handshakeMillis?: number } {
  const first = stepsOf(behaviour)[0]?.reading;
  return first?.kind === 'slow-handshake' ? { handshakeMillis: first.overMillis } : {};
}

/** Asks the kernel how much each of them has not read, before they read on. Where it does not tell, nothing is noted. */
export async function noteUnread(clients: readonly ListeningClient[], url: string): Promise<void> {
  const stalled = clients.filter(({ isOpen, isStalled }) => isOpen && isStalled);
  if (stalled.length === 0) return;
  const hubPort = Number(new URL(url).port || 80);
  const holds = await readSocketQueues(
    stalled.map(({ localPort }) => localPort),
    hubPort,
  );
  for (const [at, client] of stalled.entries()) client.facts.unreadBytes = holds[at]?.unreadBytes;
}
