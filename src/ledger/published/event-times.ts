// When events were accepted, and how many bytes came before each. Bounded, however long a run is: the latest events are remembered
// exactly, and of the earlier ones every 64th, then every 128th, and so on; what is between them is interpolated.

/** A power of two, as are the next two: what is forgotten together and the steps between earlier events nest. */
const EXACT_EVENTS = 2 ** 20;
const EARLIER_EVENTS = 2 ** 17;
const FIRST_STRIDE = 64;

export interface EventTimesOptions {
  readonly exactEvents?: number;
  readonly earlierEvents?: number;
  readonly firstStride?: number;
  /** Before these events, `end` not among them, are no longer remembered one by one. */
  readonly onForget?: (first: number, end: number) => void;
}

export class EventTimes {
  /** The first event that is remembered exactly. */
  private base = 0;
  private readonly times: number[] = [];
  private readonly offsets: number[] = [];
  private totalBytes = 0;
  private earlierTimes: number[] = [];
  private earlierOffsets: number[] = [];
  private stride: number;
  private readonly chunk: number;
  private readonly exactEvents: number;
  private readonly earlierEvents: number;
  private readonly onForget: (first: number, end: number) => void;

  constructor({
    exactEvents = EXACT_EVENTS,
    earlierEvents = EARLIER_EVENTS,
    firstStride = FIRST_STRIDE,
    onForget = () => {},
  }: EventTimesOptions = {}) {
    this.exactEvents = exactEvents;
    this.earlierEvents = earlierEvents;
    this.stride = firstStride;
    this.chunk = exactEvents / 16;
    this.onForget = onForget;
  }

  /** How many events there were. */
  get count(): number {
    return this.base + this.times.length;
  }

  /** Numbers that are held. */
  get held(): number {
    return this.times.length + this.earlierTimes.length;
  }

  add(atMicros: number, bytes: number): void {
    this.times.push(atMicros);
    this.offsets.push(this.totalBytes);
    this.totalBytes += bytes;
    if (this.times.length >= this.exactEvents + this.chunk) this.forget();
  }

  /** Undefined for an event that never was. */
  timeOf(sequence: number): number | undefined {
    if (sequence < 0) return undefined;
    if (sequence >= this.base) return this.times[sequence - this.base];
    return this.interpolate(this.earlierTimes, this.times[0] as number, sequence);
  }

  /** Bytes of all events before this one. */
  offsetOf(sequence: number): number {
    if (sequence >= this.count) return this.totalBytes;
    if (sequence <= 0) return 0;
    if (sequence >= this.base) return this.offsets[sequence - this.base] as number;
    return Math.round(this.interpolate(this.earlierOffsets, this.offsets[0] as number, sequence));
  }

  /** How many events were accepted up to this moment. */
  countUntil(micros: number): number {
    if (this.base === 0 || micros >= (this.times[0] as number))
      return this.base + countUpTo(this.times, micros);
    const index = countUpTo(this.earlierTimes, micros) - 1;
    if (index < 0) return 0;
    const first = index * this.stride;
    const [fromMicros, untilMicros] = [
      this.earlierTimes[index] as number,
      this.earlierTimes[index + 1] ?? (this.times[0] as number),
    ];
    const between = Math.min(first + this.stride, this.base) - first;
    return (
      first + 1 + Math.floor(((between - 1) * (micros - fromMicros)) / Math.max(1, untilMicros - fromMicros))
    );
  }

  private interpolate(values: readonly number[], atBase: number, sequence: number): number {
    const index = Math.floor(sequence / this.stride);
    const first = index * this.stride;
    const next = Math.min(first + this.stride, this.base);
    const [from, to] = [values[index] as number, next === this.base ? atBase : (values[index + 1] as number)];
    return from + ((to - from) * (sequence - first)) / (next - first);
  }

  private forget(): void {
    this.onForget(this.base, this.base + this.chunk);
    const skip = (this.stride - (this.base % this.stride)) % this.stride;
    for (let at = skip; at < this.chunk; at += this.stride) {
      this.earlierTimes.push(this.times[at] as number);
      this.earlierOffsets.push(this.offsets[at] as number);
    }
    this.times.splice(0, this.chunk);
    this.offsets.splice(0, this.chunk);
    this.base += this.chunk;
    while (this.earlierTimes.length > this.earlierEvents) {
      this.earlierTimes = this.earlierTimes.filter((_, at) => at % 2 === 0);
      this.earlierOffsets = this.earlierOffsets.filter((_, at) => at % 2 === 0);
      this.stride *= 2;
    }
  }
}

/** How many of the ascending values are at most this. */
function countUpTo(values: readonly number[], most: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
