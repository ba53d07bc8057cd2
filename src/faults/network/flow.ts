// One direction of a forwarded connection: bytes in their order, each as late as the network is said to be, no faster than its
// rate, and none while it is partitioned. What does not get on is held up to a limit; then the source is read no more, so that
// a reader that stops also stops the writer at the other end.
import type { Clock, Timer } from '../../time/clock.ts';
import type { NetworkConditions } from './conditions.ts';

export interface FlowSource {
  pause(): void;
  resume(): void;
}

export interface FlowSink {
  /** False when it takes no more until `drained` is called. */
  write(bytes: Buffer): boolean;
  /** Nothing follows. */
  end(): void;
  reset(): void;
}

const HELD_BYTES = 64 * 1024;
/** What is on its way for the added latency: as much as a connection of 80 Mbit/s carries in that time. */
const HELD_BYTES_PER_MILLI = 10 * 1024;
const MAX_HELD_BYTES = 4 * 1024 * 1024;
/** With a rate, what is written at once fills this much time. */
const PIECE_SECONDS = 0.05;

interface Piece {
  what: Buffer | 'end' | 'reset';
  readonly dueMicros: number;
}

export class Flow {
  private readonly source: FlowSource;
  private readonly sink: FlowSink;
  private readonly clock: Clock;
  private readonly conditions: () => NetworkConditions;
  private readonly pieces: Piece[] = [];
  private heldBytes = 0;
  private isPaused = false;
  /** The sink takes no more now; at first it is not connected. */
  private isBlocked = true;
  /** When the rate allows the next piece. */
  private freeMicros = 0;
  private timer: Timer | undefined;

  constructor(source: FlowSource, sink: FlowSink, clock: Clock, conditions: () => NetworkConditions) {
    this.source = source;
    this.sink = sink;
    this.clock = clock;
    this.conditions = conditions;
  }

  take(what: Buffer | 'end' | 'reset'): void {
    const dueMicros = this.clock.nowMicros() + this.conditions().latencyMillis * 1e3;
    this.pieces.push({ what, dueMicros });
    if (typeof what !== 'string') this.heldBytes += what.length;
    this.pump();
  }

  /** The sink is connected, or takes more again. */
  drained(): void {
    this.isBlocked = false;
    this.pump();
  }

  /** After the conditions have changed. */
  pump(): void {
    this.timer?.cancel();
    for (let [head] = this.pieces; head !== undefined; [head] = this.pieces) {
      const waitMicros = this.waitMicros(head);
      if (waitMicros === undefined) break;
      if (waitMicros > 0) {
        this.timer = this.clock.after(Math.ceil(waitMicros / 1e3), () => this.pump());
        break;
      }
      this.pass(head);
    }
    this.holdSource();
  }

  close(): void {
    this.timer?.cancel();
    this.pieces.length = 0;
  }

  /** Until the piece may go on; undefined where something else decides it. */
  private waitMicros({ what, dueMicros }: Piece): number | undefined {
    const { isPartitioned, bytesPerSecond } = this.conditions();
    if (isPartitioned || (this.isBlocked && what !== 'reset')) return undefined;
    const free = bytesPerSecond === undefined || typeof what === 'string' ? 0 : this.freeMicros;
    return Math.max(dueMicros, free) - this.clock.nowMicros();
  }

  private pass(piece: Piece): void {
    const { what } = piece;
    if (typeof what === 'string') {
      this.pieces.shift();
      if (what === 'end') this.sink.end();
      else this.sink.reset();
      return;
    }
    const { bytesPerSecond } = this.conditions();
    const bytes =
      bytesPerSecond === undefined ? what : what.subarray(0, Math.ceil(bytesPerSecond * PIECE_SECONDS));
    if (bytes.length === what.length) this.pieces.shift();
    else piece.what = what.subarray(bytes.length);
    this.heldBytes -= bytes.length;
    if (bytesPerSecond !== undefined)
      this.freeMicros =
        Math.max(this.freeMicros, this.clock.nowMicros()) + (bytes.length / bytesPerSecond) * 1e6;
    if (!this.sink.write(bytes)) this.isBlocked = true;
  }

  private holdSource(): void {
    const { latencyMillis } = this.conditions();
    const isFull =
      this.heldBytes >= Math.min(MAX_HELD_BYTES, HELD_BYTES + latencyMillis * HELD_BYTES_PER_MILLI);
    if (isFull === this.isPaused) return;
    this.isPaused = isFull;
    if (isFull) this.source.pause();
    else this.source.resume();
  }
}
