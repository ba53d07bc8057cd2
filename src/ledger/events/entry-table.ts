// What is known of each event in the log: columns in typed arrays, 49 bytes an event, growing by doubling up to a
// limit; beyond it the oldest are overwritten. Hot: clients read `ends`, `marks` and `dues` for every delivery.

/**
 * Mark of an event that is not of this run. Marks of 0 and more are sequences of events as published; -1 is no mark,
 * because a client that has received nothing waits for it.
 */
export const FOREIGN_MARK = -2;

/** Mark of an event whose content is not what was published; its own inverse. */
export function alteredMark(sequence: number): number {
  return -3 - sequence;
}

const FIRST_CAPACITY = 1_024;

export class EntryTable {
  /** Entries `first` to `count` are held; an entry's row is its number & `mask`. */
  first = 0;
  count = 0;
  mask: number;
  /** Offset of the byte after the entry's frame, in the stream of the log. */
  ends: Float64Array;
  marks: Float64Array;
  dues: Float64Array;
  private payloadBytes: Uint32Array;
  private plainBytes: Uint32Array;
  private compressed: Uint8Array;
  private bytesHashes: Float64Array;
  private contentHashes: Float64Array;
  /** By sequence & mask: one more than the entry that holds it; 0 for none. */
  private bySequence: Float64Array;
  private readonly maxCapacity: number;

  /** `maxEntries` is rounded up to a power of two. */
  constructor(maxEntries: number) {
    this.maxCapacity = 2 ** Math.ceil(Math.log2(Math.max(maxEntries, 16)));
    const capacity = Math.min(FIRST_CAPACITY, this.maxCapacity);
    this.mask = capacity - 1;
    this.ends = new Float64Array(capacity);
    this.marks = new Float64Array(capacity);
    this.dues = new Float64Array(capacity);
    this.payloadBytes = new Uint32Array(capacity);
    this.plainBytes = new Uint32Array(capacity);
    this.compressed = new Uint8Array(capacity);
    this.bytesHashes = new Float64Array(capacity);
    this.contentHashes = new Float64Array(capacity);
    this.bySequence = new Float64Array(capacity);
  }

  get isFull(): boolean {
    return this.count - this.first === this.maxCapacity;
  }

  /** Forgets the oldest sixteenth. */
  forgetOldest(): void {
    this.first += this.maxCapacity / 16;
  }

  /** Not while `isFull`. */
  append(end: number, mark: number, due: number, sizes: EntrySizes, hashes: EntryHashes): number {
    const capacity = this.mask + 1;
    if (this.count - this.first === capacity) this.grow();
    const entry = this.count++;
    const row = entry & this.mask;
    this.ends[row] = end;
    this.marks[row] = mark;
    this.dues[row] = due;
    this.payloadBytes[row] = sizes.payload;
    this.plainBytes[row] = sizes.plain;
    this.compressed[row] = sizes.isCompressed ? 1 : 0;
    this.bytesHashes[row] = hashes.bytes;
    this.contentHashes[row] = hashes.content;
    this.index(entry, mark);
    return entry;
  }

  /** The newest entry with this sequence, or -1. */
  find(sequence: number): number {
    const entry = (this.bySequence[sequence & this.mask] as number) - 1;
    if (entry < this.first) return -1;
    const mark = this.marks[entry & this.mask] as number;
    return mark === sequence || mark === alteredMark(sequence) ? entry : -1;
  }

  endOf(entry: number): number {
    return this.ends[entry & this.mask] as number;
  }

  /** The entry behind those from `entry` on that are the events `next`, `next` + 1, … and end before `target`. */
  endOfRun(entry: number, next: number, target: number): number {
    const { ends, marks, mask, count } = this;
    let end = entry;
    for (let sequence = next; end < count && marks[end & mask] === sequence; sequence++) {
      if ((ends[end & mask] as number) > target) break;
      end++;
    }
    return end;
  }

  markOf(entry: number): number {
    return this.marks[entry & this.mask] as number;
  }

  dueOf(entry: number): number {
    return this.dues[entry & this.mask] as number;
  }

  payloadBytesOf(entry: number): number {
    return this.payloadBytes[entry & this.mask] as number;
  }

  /** Of the message inflated. */
  plainBytesOf(entry: number): number {
    return this.plainBytes[entry & this.mask] as number;
  }

  isCompressed(entry: number): boolean {
    return this.compressed[entry & this.mask] === 1;
  }

  bytesHashOf(entry: number): number {
    return this.bytesHashes[entry & this.mask] as number;
  }

  contentHashOf(entry: number): number {
    return this.contentHashes[entry & this.mask] as number;
  }

  private index(entry: number, mark: number): void {
    if (mark === FOREIGN_MARK) return;
    this.bySequence[(mark < 0 ? alteredMark(mark) : mark) & this.mask] = entry + 1;
  }

  // While it grows nothing has been forgotten, so rows are entries and a longer copy keeps them where they are.
  private grow(): void {
    const capacity = 2 * (this.mask + 1);
    this.ends = longer(this.ends, capacity);
    this.marks = longer(this.marks, capacity);
    this.dues = longer(this.dues, capacity);
    this.bytesHashes = longer(this.bytesHashes, capacity);
    this.contentHashes = longer(this.contentHashes, capacity);
    this.payloadBytes = longerCounts(this.payloadBytes, capacity);
    this.plainBytes = longerCounts(this.plainBytes, capacity);
    const compressed = new Uint8Array(capacity);
    compressed.set(this.compressed);
    this.compressed = compressed;
    this.bySequence = new Float64Array(capacity);
    this.mask = capacity - 1;
    for (let entry = this.first; entry < this.count; entry++) this.index(entry, this.markOf(entry));
  }
}

/** In bytes. */
export interface EntrySizes {
  readonly payload: number;
  /** The same without compression. */
  readonly plain: number;
  readonly isCompressed: boolean;
}

export interface EntryHashes {
  readonly bytes: number;
  readonly content: number;
}

function longer(column: Float64Array, capacity: number): Float64Array {
  const grown = new Float64Array(capacity);
  grown.set(column);
  return grown;
}

function longerCounts(column: Uint32Array, capacity: number): Uint32Array {
  const grown = new Uint32Array(capacity);
  grown.set(column);
  return grown;
}
