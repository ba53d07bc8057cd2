// How many bytes the frame of each event has on the wire, as the first client of this process got it: with compression
// nobody who publishes knows, and the kernels' buffers hold these bytes. Kept until they are taken.

/** Sizes that wait to be taken, at most; beyond it the newest are not kept. */
const MAX_WAITING = 200_000;

/** Event and bytes in turn. */
export type FrameSizeList = readonly number[];

export class FrameSizes {
  private highestSequence = -1;
  private waiting: number[] = [];

  /** Only of events after all that were noted before. */
  note(sequence: number, frameBytes: number): void {
    if (sequence <= this.highestSequence || this.waiting.length >= 2 * MAX_WAITING) return;
    this.highestSequence = sequence;
    this.waiting.push(sequence, frameBytes);
  }

  /** Those noted since this was called last. */
  take(): FrameSizeList {
    const taken = this.waiting;
    this.waiting = [];
    return taken;
  }
}
