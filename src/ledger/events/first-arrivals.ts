// When events first arrived at a hub's clients in this process, for comparing several hubs. Bounded: once it is full, only
// every second event is kept, then every fourth, and so on, so that a long run is covered evenly.

/** Microseconds of the machine's clock of the events 0, `stride`, 2 × `stride`, …; 0 for an event that was not seen. */
export interface ArrivalTimes {
  readonly stride: number;
  readonly micros: Float64Array;
}

const DEFAULT_CAPACITY = 2 ** 16;

export class FirstArrivals {
  private fromMicros = Number.POSITIVE_INFINITY;
  private untilMicros = Number.POSITIVE_INFINITY;
  private stride = 1;
  private readonly times: Float64Array;
  private used = 0;

  constructor(capacity = DEFAULT_CAPACITY) {
    this.times = new Float64Array(capacity);
  }

  /** Only events that are due from the first of these, and before the second, count. */
  measure(fromMicros: number, untilMicros = Number.POSITIVE_INFINITY): void {
    this.fromMicros = fromMicros;
    this.untilMicros = untilMicros;
  }

  note(sequence: number, dueMicros: number, nowMicros: number): void {
    if (dueMicros < this.fromMicros || dueMicros >= this.untilMicros) return;
    while (sequence / this.stride >= this.times.length) this.thin();
    const at = sequence / this.stride;
    if (!Number.isInteger(at) || this.times[at] !== 0) return;
    this.times[at] = nowMicros;
    this.used = Math.max(this.used, at + 1);
  }

  snapshot(): ArrivalTimes {
    return { stride: this.stride, micros: this.times.slice(0, this.used) };
  }

  private thin(): void {
    const kept = this.times.length / 2;
    for (let at = 0; at < kept; at++) this.times[at] = this.times[2 * at] as number;
    this.times.fill(0, kept);
    this.used = Math.ceil(this.used / 2);
    this.stride *= 2;
  }
}

/** The earliest of several processes. */
export function mergeArrivals(parts: readonly ArrivalTimes[]): ArrivalTimes {
  const stride = Math.max(1, ...parts.map((part) => part.stride));
  const length = Math.max(0, ...parts.map((part) => Math.ceil((part.micros.length * part.stride) / stride)));
  const micros = new Float64Array(length);
  for (const part of parts) {
    const step = stride / part.stride;
    for (let at = 0; at * step < part.micros.length; at++) {
      const time = part.micros[at * step] as number;
      if (time !== 0 && (micros[at] === 0 || time < (micros[at] as number))) micros[at] = time;
    }
  }
  return { stride, micros };
}
