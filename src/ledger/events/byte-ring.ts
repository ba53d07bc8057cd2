// The most recent bytes of an endless stream, found by their offset from its beginning. Hot: `equals` is the
// comparison that every delivery goes through (receive.bench.ts); it is one native call, two where the ring wraps.

export class ByteRing {
  /** Offsets `start` to `end` are held. */
  start = 0;
  end = 0;
  readonly capacityBytes: number;
  private readonly bytes: Buffer;
  private readonly mask: number;

  /** `capacityBytes` is rounded up to a power of two, at least 1 KiB and at most 1 GiB. */
  constructor(capacityBytes: number) {
    this.capacityBytes = 2 ** Math.ceil(Math.log2(Math.min(Math.max(capacityBytes, 1_024), 2 ** 30)));
    this.bytes = Buffer.allocUnsafeSlow(this.capacityBytes);
    this.mask = this.capacityBytes - 1;
  }

  /** Whether `buffer` from `from` to `to` equals the stream from `offset` on; all of it must be held. */
  equals(offset: number, buffer: Buffer, from: number, to: number): boolean {
    // `&` takes a double modulo 2^32, which keeps the low bits right for any safe integer.
    const at = offset & this.mask;
    const last = at + (to - from);
    if (last <= this.capacityBytes) return buffer.compare(this.bytes, at, last, from, to) === 0;
    const middle = from + (this.capacityBytes - at);
    return (
      buffer.compare(this.bytes, at, this.capacityBytes, from, middle) === 0 &&
      buffer.compare(this.bytes, 0, last - this.capacityBytes, middle, to) === 0
    );
  }

  /** Appends at `end`; the caller has made room with `forget`, and the bytes fit the ring. */
  append(source: Buffer): void {
    const at = this.end & this.mask;
    const untilWrap = this.capacityBytes - at;
    source.copy(this.bytes, at, 0, Math.min(untilWrap, source.length));
    if (source.length > untilWrap) source.copy(this.bytes, 0, untilWrap);
    this.end += source.length;
  }

  /** Advances the stream past bytes that do not fit the ring. Nothing before them is held either. */
  skip(lengthBytes: number): void {
    this.end += lengthBytes;
    this.start = this.end;
  }

  forget(upTo: number): void {
    if (upTo > this.start) this.start = upTo;
  }

  copy(from: number, to: number): Buffer {
    const copied = Buffer.allocUnsafe(to - from);
    const at = from & this.mask;
    const untilWrap = Math.min(this.capacityBytes - at, to - from);
    this.bytes.copy(copied, 0, at, at + untilWrap);
    if (untilWrap < to - from) this.bytes.copy(copied, untilWrap, 0, to - from - untilWrap);
    return copied;
  }
}
