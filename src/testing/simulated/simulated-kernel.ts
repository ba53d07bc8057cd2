// A kernel that takes as many messages as a test allows, and a client as the model of the hub's core sees it.
import type { Member } from '../../hub/core/core.ts';
import type { Outbox, OutboxPort } from '../../hub/core/outbox.ts';

export class SimulatedKernel implements OutboxPort {
  readonly taken: Buffer[] = [];
  /** Messages it takes at once when written to. */
  appetite: number;
  private inFlight: Buffer[] = [];

  constructor(appetite: number) {
    this.appetite = appetite;
  }

  write(frames: readonly Buffer[], joined?: Buffer): number {
    if (this.inFlight.length > 0) throw new Error('a write while another is in flight');
    if (joined && !joined.equals(Buffer.concat(frames)))
      throw new Error('joined bytes that are not the frames');
    this.inFlight = [...frames];
    this.take(this.appetite);
    return this.inFlight.length;
  }

  inFlightMessages(): number {
    return this.inFlight.length;
  }

  /** Takes up to `messages` more, and calls back when a write is done, as a socket does. */
  drain(messages: number, outbox: Outbox): void {
    let left = messages;
    while (left > 0 && this.inFlight.length > 0) {
      const step = Math.min(left, this.inFlight.length);
      this.take(step);
      left -= step;
      if (this.inFlight.length === 0) outbox.onTaken();
    }
  }

  private take(messages: number): void {
    this.taken.push(...this.inFlight.splice(0, messages));
  }
}

export class ModelClient {
  readonly kernel: SimulatedKernel;
  /** The first event it is owed. */
  readonly from: number;
  isEvicted = false;
  /** How many events it gets in all, once it has left or was evicted. */
  owedAtTheEnd: number | undefined;
  member!: Member;

  constructor(kernel: SimulatedKernel, from: number) {
    this.kernel = kernel;
    this.from = from;
  }

  get isActive(): boolean {
    return !this.isEvicted && this.owedAtTheEnd === undefined;
  }

  /** Events it is owed when `broadcasts` were fanned out. */
  owed(broadcasts: number): number {
    return Math.max(0, broadcasts - this.from);
  }
}
