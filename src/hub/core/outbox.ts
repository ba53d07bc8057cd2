// The messages one client has yet to receive. HOT: visited for every client on every turn of the run loop (guarded by
// fan-out.bench.ts). Counts outstanding messages: those whose last byte the kernel has not taken. Knows no socket;
// a port hands bytes to the kernel.

/** Where an outbox writes. One write is in flight at a time; the owner calls `Outbox.onTaken` when it is done. */
export interface OutboxPort {
  /**
   * Hands over whole frames, in order; `joined` is the same bytes in one piece, where the caller already has it. Returns
   * how many of them the kernel did not take at once; only when that is not 0 must `Outbox.onTaken` be called.
   */
  write(frames: readonly Buffer[], joined?: Buffer): number;
  /** How many of the frames of the last write the kernel has not taken completely. */
  inFlightMessages(): number;
}

/** How an offer went. Backlogged: it fits, but more than half of the limit is outstanding. */
export const OFFER = { fits: 0, backlogged: 1, overflows: 2 } as const;
export type Offer = (typeof OFFER)[keyof typeof OFFER];

const MAX_IDLE_LOOKS = 4;

export class Outbox {
  private readonly port: OutboxPort;
  private readonly limitMessages: number;
  private queue: Buffer[] = [];
  private inFlight = 0;
  /** Messages given to the port since the start. */
  private handed = 0;
  private deliveredAtLastLook = 0;
  private looksWithoutProgress = 0;

  /** `limitMessages` outstanding messages fit: the client buffer and the one in flight. */
  constructor(port: OutboxPort, limitMessages: number) {
    this.port = port;
    this.limitMessages = limitMessages;
  }

  get outstandingMessages(): number {
    // The kernel may have taken part of the last write since the last look.
    if (this.inFlight > 0) this.inFlight = this.port.inFlightMessages();
    return this.inFlight + this.queue.length;
  }

  /** Messages whose last byte the kernel took, since the start. */
  get deliveredMessages(): number {
    if (this.inFlight > 0) this.inFlight = this.port.inFlightMessages();
    return this.handed - this.inFlight;
  }

  get isBacklogged(): boolean {
    return this.outstandingMessages * 2 > this.limitMessages;
  }

  /** Looks whether the kernel goes on taking messages; says no after a few looks in a row that saw no progress. */
  isDraining(): boolean {
    const delivered = this.deliveredMessages;
    this.looksWithoutProgress = delivered === this.deliveredAtLastLook ? this.looksWithoutProgress + 1 : 0;
    this.deliveredAtLastLook = delivered;
    return this.looksWithoutProgress < MAX_IDLE_LOOKS;
  }

  /**
   * Takes the frames of one turn (never more than the limit). When they do not all fit, those before the overflowing
   * one are queued and the client is to be evicted.
   */
  offer(frames: readonly Buffer[], joined: Buffer): Offer {
    const outstanding = this.inFlight === 0 ? this.queue.length : this.outstandingMessages;
    if (outstanding === 0) {
      this.hand(frames, joined);
      return this.inFlight * 2 > this.limitMessages ? OFFER.backlogged : OFFER.fits;
    }
    const room = this.limitMessages - outstanding;
    for (let i = 0; i < frames.length && i < room; i++) this.queue.push(frames[i] as Buffer);
    if (frames.length > room) return OFFER.overflows;
    return (outstanding + frames.length) * 2 > this.limitMessages ? OFFER.backlogged : OFFER.fits;
  }

  /** A write is done: when it was the last one, what waits goes next, in one write. */
  onTaken(): void {
    if (this.inFlight > 0) this.inFlight = this.port.inFlightMessages();
    while (this.inFlight === 0 && this.queue.length > 0) {
      const frames = this.queue;
      this.queue = [];
      this.hand(frames);
    }
  }

  /** Nothing that still waits will be handed over: the client has ended, or must get nothing behind a Close frame. */
  abandon(): void {
    this.queue = [];
  }

  private hand(frames: readonly Buffer[], joined?: Buffer): void {
    this.handed += frames.length;
    this.inFlight = this.port.write(frames, joined);
  }
}
