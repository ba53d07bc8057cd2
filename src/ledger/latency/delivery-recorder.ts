// Deliveries and latencies of one cohort in one process: totals and a series per second. Apart from the clients,
// which share it. Hot (receive.bench.ts): one histogram holds the current second and is added to the total when the
// second ends, so that a delivery is recorded once. A second that has ended is kept as JSON text: its sparse buckets
// take a fifth of the memory that arrays of numbers take, which an hour of seconds makes visible.
import { createLatencyHistogram, type EncodedHistogram, type LatencyHistogram } from './latency-histogram.ts';

const SECOND_MICROS = 1_000_000;

/** One second of a cohort; seconds are counted on the machine's monotonic clock, the same in every process. */
export interface DeliverySecond {
  /** Whole seconds of the monotonic clock: floor(nowMicros / 1e6). */
  readonly second: number;
  readonly deliveries: number;
  /** Of deliveries due in the measured time only. */
  readonly latency: EncodedHistogram;
}

export interface DeliverySnapshot {
  readonly deliveries: number;
  /** Of events due in the measured time only. */
  readonly latency: EncodedHistogram;
  readonly seconds: readonly DeliverySecond[];
  /** Seconds that were dropped because the series was full; their latencies are still in the total. */
  readonly droppedSeconds: number;
}

export interface DeliveryRecorderOptions {
  /** Seconds kept in the series, at most. Default 86,400. */
  readonly maxSeconds?: number;
  /** Latency counts from events due at or after this; see `measuredFromMicros`. Default 0: everything. */
  readonly measuredFromMicros?: number;
}

export class DeliveryRecorder {
  /** Warm-up is left out: events due before this, or at `measuredUntilMicros` and later, record no latency. */
  measuredFromMicros: number;
  measuredUntilMicros = Number.POSITIVE_INFINITY;
  /** Events of the run delivered, duplicates included, in all seconds but the current one. */
  private settledDeliveries = 0;
  private currentDeliveries = 0;
  private readonly total = createLatencyHistogram();
  private readonly current: LatencyHistogram = createLatencyHistogram();
  private secondEndMicros = Number.NEGATIVE_INFINITY;
  /** Each the JSON of a `DeliverySecond`. */
  private readonly endedTexts: string[] = [];
  private readonly maxSeconds: number;
  private droppedSeconds = 0;

  constructor(options: DeliveryRecorderOptions) {
    this.maxSeconds = options.maxSeconds ?? 86_400;
    this.measuredFromMicros = options.measuredFromMicros ?? 0;
  }

  get deliveries(): number {
    return this.settledDeliveries + this.currentDeliveries;
  }

  /** Once per wake-up, before `delivered`: begins a new second where one is due. */
  tick(nowMicros: number): void {
    if (nowMicros >= this.secondEndMicros) this.beginSecond(nowMicros);
  }

  /** One delivery of an event of the run. */
  delivered(dueMicros: number, nowMicros: number): void {
    this.currentDeliveries++;
    if (dueMicros >= this.measuredFromMicros && dueMicros < this.measuredUntilMicros) {
      this.current.record(nowMicros - dueMicros);
    }
  }

  /** The same for the entries `first` to `end` of a table: `dues` by entry & `mask`. */
  deliveredRun(dues: Float64Array, mask: number, first: number, end: number, nowMicros: number): void {
    const { current, measuredFromMicros, measuredUntilMicros } = this;
    this.currentDeliveries += end - first;
    for (let entry = first; entry < end; entry++) {
      const dueMicros = dues[entry & mask] as number;
      if (dueMicros >= measuredFromMicros && dueMicros < measuredUntilMicros) {
        current.record(nowMicros - dueMicros);
      }
    }
  }

  snapshot(): DeliverySnapshot {
    const total = createLatencyHistogram();
    total.merge(this.total);
    total.merge(this.current);
    const last = this.currentSecond();
    return {
      deliveries: this.deliveries,
      latency: total.encode(),
      seconds: last === undefined ? this.endedSeconds(0) : [...this.endedSeconds(0), last],
      droppedSeconds: this.droppedSeconds,
    };
  }

  /** The seconds that have ended, from the `first` of them on: what a live view has not seen yet. */
  endedSeconds(first: number): readonly DeliverySecond[] {
    return this.endedTexts.slice(first).map((text) => JSON.parse(text) as DeliverySecond);
  }

  private beginSecond(nowMicros: number): void {
    const ended = this.currentSecond();
    if (ended !== undefined) {
      if (this.endedTexts.length < this.maxSeconds) this.endedTexts.push(JSON.stringify(ended));
      else this.droppedSeconds++;
    }
    this.total.merge(this.current);
    this.current.reset();
    this.settledDeliveries += this.currentDeliveries;
    this.currentDeliveries = 0;
    this.secondEndMicros = (Math.floor(nowMicros / SECOND_MICROS) + 1) * SECOND_MICROS;
  }

  private currentSecond(): DeliverySecond | undefined {
    if (this.currentDeliveries === 0) return undefined;
    return {
      second: Math.round(this.secondEndMicros / SECOND_MICROS) - 1,
      deliveries: this.currentDeliveries,
      latency: this.current.encode(),
    };
  }
}

export function createDeliveryRecorder(options: DeliveryRecorderOptions = {}): DeliveryRecorder {
  return new DeliveryRecorder(options);
}
