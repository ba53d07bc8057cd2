// A descriptor in a ring: who gets what it received, and how it leaves.

/** Gets what one descriptor received. */
export interface RingReader {
  /** The socket is connected, or has failed, which the first write tells. Nothing is read before it. */
  onConnected(): void;
  /** Bytes `start` to `end` of a buffer that is the kernel's again after the call. */
  onBytes(buffer: Buffer, start: number, end: number): void;
  /** The peer ended in order. */
  onEnd(): void;
  /** The connection failed, such as with ECONNRESET. */
  onError(code: string): void;
  /** The ring is of no use any more: whoever owns the descriptor reads on. */
  onLost(): void;
}

/** One descriptor that the ring reads. */
export interface RingEntry {
  /**
   * Reads no more. Once the kernel has released the descriptor, `then` is called: at once where nothing is being read now.
   * What the kernel had handed out by then still comes, before it; with a failure of the connection that it reported
   * meanwhile, as it reports that only once.
   */
  release(then: (failure?: string) => void): void;
}

interface SlotOwner {
  release(id: number, slot: Slot, then: (failure?: string) => void): void;
}

/** Itself the entry of its reader, so that thousands of them need no closures. Completions carry 32 bits of its generation. */
export class Slot implements RingEntry {
  readonly fd: number;
  readonly reader: RingReader;
  readonly generation: number;
  isConnecting = true;
  onReleased: ((failure?: string) => void) | undefined = undefined;
  private readonly ring: SlotOwner;
  private readonly id: number;

  constructor(ring: SlotOwner, id: number, fd: number, reader: RingReader, generation: number) {
    this.ring = ring;
    this.id = id;
    this.fd = fd;
    this.reader = reader;
    this.generation = generation;
  }

  release(then: (failure?: string) => void): void {
    this.ring.release(this.id, this, then);
  }
}
