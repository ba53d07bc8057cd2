// What one client still has to get. HOT: visited for every client on every turn of the run loop. Counts outstanding
// messages: those whose last byte the kernel has not taken. Knows no socket; a port hands bytes to the kernel.

/** Where an outbox hands bytes. One write is in flight at a time; the owner calls `Outbox.onTaken` when it is done. */
export interface OutboxPort {
  /** Hands over whole frames, in order; `joined` is the same bytes in one piece, where somebody already has it. */
  write(frames: readonly Buffer[], joined?: Buffer): void;
  /** How many of the frames of the last write the kernel has not taken completely. */
  inFlightMessages(): number;
}

export class Outbox {
  private readonly port: OutboxPort;
  private readonly limitMessages: number;
  private queue: Buffer[] = [];
  private inFlight = 0;
  /** Messages handed to the kernel completely since the start. */
  private handed = 0;

  /** `limitMessages` outstanding messages fit: the client buffer and the one in flight. */
  constructor(port: OutboxPort, limitMessages: number) {
    this.port = port;
    this.limitMessages = limitMessages;
  }

  get outstandingMessages(): number {
    // The kernel may have taken part of the last write since it was asked.
    if (this.inFlight > 0) this.inFlight = this.port.inFlightMessages();
    return this.inFlight + this.queue.length;
  }

  get deliveredMessages(): number {
    return this.handed - this.inFlight;
  }

  /**
   * Takes the frames of one turn (never more than the limit). False when they do not all fit: those before the
   * overflowing one are queued, and the client is to be evicted.
   */
  offer(frames: readonly Buffer[], joined: Buffer): boolean {
    const outstanding = this.outstandingMessages;
    if (outstanding === 0) {
      this.hand(frames, joined);
      return true;
    }
    const room = this.limitMessages - outstanding;
    for (let i = 0; i < frames.length && i < room; i++) this.queue.push(frames[i] as Buffer);
    return frames.length <= room;
  }

  /** The kernel took the last write: what waits goes next, in one write. */
  onTaken(): void {
    this.inFlight = this.port.inFlightMessages();
    if (this.inFlight > 0 || this.queue.length === 0) return;
    const frames = this.queue;
    this.queue = [];
    this.hand(frames);
  }

  private hand(frames: readonly Buffer[], joined?: Buffer): void {
    this.handed += frames.length;
    this.port.write(frames, joined);
    this.inFlight = this.port.inFlightMessages();
  }
}
