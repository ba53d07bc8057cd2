// Latencies that were measured with two clocks, as two histograms: each value less what the clocks may be apart, and each plus that.
// What holds for both is true. Hot where clients are on another machine than the publisher (receive.bench.ts guards it).
import { driftMicros } from '../../time/clock-drift.ts';
import {
  createLatencyHistogram,
  type EncodedHistogram,
  LATENCY_LIMIT_MICROS,
  mergeHistograms,
} from './latency-histogram.ts';
import { PublisherBlocks } from './publisher-blocks.ts';

/** What is known of the clock that a recorder's times are read from. */
export interface ClockReading {
  /** The times are within so much of the other machine's, at the moment `atMicros` of these times. */
  readonly errorMicros: number;
  readonly atMicros: number;
  /** What was said before was proved wrong since. */
  readonly isContradicted: boolean;
  /** Both machines are one: its times are exact. */
  readonly isSame?: boolean | undefined;
  /** What these times have that the machine's own clock has not. */
  readonly offsetMicros?: number | undefined;
  /** Who publishes; the coordinator where this is left out. */
  readonly blocks?: PublisherBlocks | undefined;
}

export interface EncodedBounds {
  readonly lower: EncodedHistogram;
  readonly upper: EncodedHistogram;
  /** Of both, those that one clock measured, exactly. */
  readonly own: EncodedHistogram;
  /** Values of which nothing is known: in both they are the least and the greatest possible. */
  readonly unknown: number;
}

class Histograms {
  readonly lower = createLatencyHistogram();
  readonly upper = createLatencyHistogram();
  readonly own = createLatencyHistogram();

  merge({ lower, upper, own }: Histograms): void {
    this.lower.merge(lower);
    this.upper.merge(upper);
    this.own.merge(own);
  }

  reset(): void {
    this.lower.reset();
    this.upper.reset();
    this.own.reset();
  }
}

export class LatencyBounds {
  private errorMicros = 0;
  private atMicros = Number.NaN;
  private isSame = false;
  private offsetMicros = 0;
  private blocks = new PublisherBlocks();
  private readonly settled = new Histograms();
  /**
   * Since the latest reading, and between the two before it. A clock that is set shows with the first question that follows
   * it, so that a time is settled by the second reading after it.
   */
  private recent = new Histograms();
  private unsettled = new Histograms();
  private unknown = 0;

  /** Returns the latency that is most likely: the exact one where one clock measured it. */
  record(dueMicros: number, count: number, nowMicros: number): number {
    const micros = nowMicros - dueMicros;
    const block = this.blocks.blockOf(dueMicros);
    if (block === undefined) this.forget(count);
    else if (block.offsetMicros !== undefined)
      return this.recordOwn(micros - this.offsetMicros + block.offsetMicros, count);
    else if (this.isSame && block.errorMicros === 0) this.recordOwn(micros, count);
    else {
      const ownMicros = this.isSame ? 0 : this.errorMicros + driftMicros(nowMicros - this.atMicros);
      const { lower, upper } = this.recent;
      lower.recordMany(micros - ownMicros - block.errorMicros, count);
      upper.recordMany(micros + ownMicros + block.errorMicros, count);
    }
    return micros;
  }

  read({
    errorMicros,
    atMicros,
    isContradicted,
    isSame = false,
    offsetMicros = 0,
    blocks,
  }: ClockReading): void {
    // Said again, as no answer has come since.
    if (atMicros === this.atMicros) return;
    this.errorMicros = errorMicros;
    this.atMicros = atMicros;
    this.isSame = isSame;
    this.offsetMicros = offsetMicros;
    if (blocks !== undefined) this.blocks = blocks;
    if (isContradicted) this.forgetUnsettled();
    this.settled.merge(this.unsettled);
    this.unsettled.reset();
    [this.recent, this.unsettled] = [this.unsettled, this.recent];
  }

  encode(): EncodedBounds {
    const all = new Histograms();
    for (const part of [this.settled, this.unsettled, this.recent]) all.merge(part);
    return {
      ...{ lower: all.lower.encode(), upper: all.upper.encode(), own: all.own.encode() },
      unknown: this.unknown,
    };
  }

  private recordOwn(micros: number, count: number): number {
    const { lower, upper, own } = this.recent;
    lower.recordMany(micros, count);
    upper.recordMany(micros, count);
    own.recordMany(micros, count);
    return micros;
  }

  private forgetUnsettled(): void {
    for (const part of [this.unsettled, this.recent]) {
      this.forget(part.lower.count);
      part.reset();
    }
  }

  private forget(count: number): void {
    this.unknown += count;
    this.settled.lower.recordMany(0, count);
    this.settled.upper.recordMany(LATENCY_LIMIT_MICROS - 1, count);
  }
}

/** Of several recorders. One without bounds has times of one clock. */
export function mergeBounds(
  parts: readonly { readonly latency: EncodedHistogram; readonly bounds?: EncodedBounds | undefined }[],
): EncodedBounds | undefined {
  if (parts.every(({ bounds }) => bounds === undefined)) return undefined;
  return {
    lower: mergeHistograms(parts.map(({ latency, bounds }) => bounds?.lower ?? latency)).encode(),
    upper: mergeHistograms(parts.map(({ latency, bounds }) => bounds?.upper ?? latency)).encode(),
    own: mergeHistograms(parts.map(({ latency, bounds }) => bounds?.own ?? latency)).encode(),
    unknown: parts.reduce((sum, { bounds }) => sum + (bounds?.unknown ?? 0), 0),
  };
}
