// Deliveries and latencies of one cohort in one process: totals and a series per second. Apart from the clients,
// which share it. Hot (receive.bench.ts): one histogram holds the current second and is added to the total when the
// second ends, so that a delivery is recorded once. A second that has ended is kept only until it is taken: its series
// is written where all processes come together, and memory does not grow with the length of a run.
import { type ClockReading, type EncodedBounds, LatencyBounds } from './latency-bounds.ts';
import { createLatencyHistogram, type EncodedHistogram, type LatencyHistogram } from './latency-histogram.ts';
import { RepeatedRun } from './repeated-run.ts';

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
  /** Of the same, what the clocks leave open; absent where one clock measures. */
  readonly bounds?: EncodedBounds | undefined;
}

/** Ended seconds that wait to be taken, at most: of a recorder that nobody takes from the oldest are forgotten. */
const MAX_WAITING_SECONDS = 120;

export interface DeliveryRecorderOptions {
  /** Latency counts from events due at or after this; see `measure`. Default 0: everything. */
  readonly measuredFromMicros?: number;
}

export class DeliveryRecorder {
  private fromMicros: number;
  private untilMicros = Number.POSITIVE_INFINITY;
  /** Events of the run delivered, duplicates included, in all seconds but the current one. */
  private settledDeliveries = 0;
  private currentDeliveries = 0;
  private readonly total = createLatencyHistogram();
  private readonly current: LatencyHistogram = createLatencyHistogram();
  private readonly run = new RepeatedRun();
  private secondEndMicros = Number.NEGATIVE_INFINITY;
  private ended: DeliverySecond[] = [];
  /** Undefined where publisher and clients have the same clock. */
  private bounds: LatencyBounds | undefined = undefined;

  constructor(options: DeliveryRecorderOptions) {
    this.fromMicros = options.measuredFromMicros ?? 0;
  }

  /** Warm-up is left out: events due before the first of these, or at the second and later, record no latency. */
  measure(fromMicros: number, untilMicros = Number.POSITIVE_INFINITY): void {
    this.run.settle(this.current, this.bounds);
    this.fromMicros = fromMicros;
    this.untilMicros = untilMicros;
  }

  /** From now on the times that are handed in are those of another machine's clock, as far as it is known. */
  readClock(reading: ClockReading): void {
    this.run.settle(this.current, this.bounds);
    this.bounds ??= new LatencyBounds();
    this.bounds.read(reading);
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
    if (dueMicros >= this.fromMicros && dueMicros < this.untilMicros) {
      const { bounds } = this;
      this.current.record(
        bounds === undefined ? nowMicros - dueMicros : bounds.record(dueMicros, 1, nowMicros),
      );
    }
  }

  /** The same for the entries `first` to `end` of a table: `dues` by entry & `mask`. */
  deliveredRun(dues: Float64Array, mask: number, first: number, end: number, nowMicros: number): void {
    const { current, run, bounds, fromMicros, untilMicros } = this;
    this.currentDeliveries += end - first;
    if (run.repeats(dues, first, end, nowMicros)) return;
    run.settle(current, bounds);
    run.begin(dues, first, end, nowMicros);
    for (let entry = first; entry < end; entry++) {
      const dueMicros = dues[entry & mask] as number;
      if (dueMicros >= fromMicros && dueMicros < untilMicros) {
        current.record(bounds === undefined ? nowMicros - dueMicros : bounds.record(dueMicros, 1, nowMicros));
        run.note(dueMicros);
      }
    }
  }

  snapshot(): DeliverySnapshot {
    this.run.settle(this.current, this.bounds);
    const total = createLatencyHistogram();
    total.merge(this.total);
    total.merge(this.current);
    return {
      deliveries: this.deliveries,
      latency: total.encode(),
      ...(this.bounds && { bounds: this.bounds.encode() }),
    };
  }

  /** The seconds that have ended since this was called last; by `nowMicros` a second is over also where nothing more came. */
  takeEndedSeconds(nowMicros = Number.NEGATIVE_INFINITY): readonly DeliverySecond[] {
    this.tick(nowMicros);
    const { ended } = this;
    this.ended = [];
    return ended;
  }

  /** At the end of a run: the same, and the second that has begun. */
  takeLastSeconds(): readonly DeliverySecond[] {
    this.endSecond();
    return this.takeEndedSeconds();
  }

  private beginSecond(nowMicros: number): void {
    this.endSecond();
    this.secondEndMicros = (Math.floor(nowMicros / SECOND_MICROS) + 1) * SECOND_MICROS;
  }

  private endSecond(): void {
    const ended = this.currentSecond();
    if (ended === undefined) return;
    this.ended.push(ended);
    if (this.ended.length > MAX_WAITING_SECONDS) this.ended.shift();
    this.total.merge(this.current);
    this.current.reset();
    this.settledDeliveries += this.currentDeliveries;
    this.currentDeliveries = 0;
  }

  private currentSecond(): DeliverySecond | undefined {
    if (this.currentDeliveries === 0) return undefined;
    this.run.settle(this.current, this.bounds);
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
