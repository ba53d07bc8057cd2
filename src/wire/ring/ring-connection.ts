// A TCP connection whose bytes come through a ring. Connecting, the opening handshake and writing stay with Node; after the
// handshake Node's socket is paused, and its descriptor is read by the ring. Once it stops reading it goes back to Node.
import { SocketConnection } from '../socket-connection.ts';
import type { ReadRing, RingEntry, RingReader } from './read-ring.ts';

export class RingConnection extends SocketConnection implements RingReader {
  private readonly ring: ReadRing;
  private entry: RingEntry | undefined;
  /** The ring has not released it yet. */
  private isReleasing = false;
  /** The handshake is over, and nothing has stopped the reading since. */
  private mayUseRing = true;

  /** `fd` is a socket that is connecting already. */
  constructor(readBuffer: Buffer, ring: ReadRing, fd?: number) {
    super(readBuffer, fd);
    this.ring = ring;
  }

  /** Hot: of the ring. */
  onBytes(buffer: Buffer, start: number, end: number): void {
    if (this.isLocal || !this.isOpen) return;
    this.bytesRead += end - start;
    this.listener.onBytes(buffer, start, end);
  }

  onEnd(): void {
    this.entry = undefined;
    this.onFin();
  }

  onError(code: string): void {
    this.entry = undefined;
    this.failure = code;
    this.destroyNow();
  }

  onLost(): void {
    this.entry = undefined;
    this.mayUseRing = false;
    if (this.isOpen && !this.isPaused && !this.isHeld) super.go();
  }

  override reset(): void {
    this.isLocal = true;
    // A descriptor that the ring reads is not closed by its owner.
    this.leaveRing(() => super.reset());
  }

  override destroy(): void {
    this.isLocal = true;
    this.leaveRing(() => super.destroy());
  }

  protected override stop(): void {
    super.stop();
    if (this.entry === undefined) return;
    this.mayUseRing = false;
    this.leaveRing(() => {
      if (this.isOpen && !this.isPaused && !this.isHeld) super.go();
    });
  }

  protected override go(): void {
    if (this.entry !== undefined || this.isReleasing) return;
    const fd = this.mayUseRing ? this.descriptor : undefined;
    if (fd === undefined) super.go();
    else {
      const entry = this.ring.attach(fd, this);
      if (this.mayUseRing) this.entry = entry;
    }
  }

  protected override onClose(): void {
    this.leaveRing(() => {});
    super.onClose();
  }

  private leaveRing(then: () => void): void {
    const { entry } = this;
    if (entry === undefined) {
      then();
      return;
    }
    this.entry = undefined;
    this.isReleasing = true;
    entry.release(() => {
      this.isReleasing = false;
      then();
    });
  }

  /** Of the open socket; Node has no public name for it. */
  private get descriptor(): number | undefined {
    const { _handle: handle } = this.socket as unknown as { _handle?: { readonly fd?: number } | null };
    return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined;
  }
}
