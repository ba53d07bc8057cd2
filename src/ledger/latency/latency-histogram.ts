// Latencies in microseconds, log-linear as HdrHistogram does it: exact below 256 us, then 128 buckets for each power
// of two, so that a value is off by less than 0.8 %. Apart because it is hot (once per delivery, receive.bench.ts
// guards it) and because its buckets are what workers send to be merged: merging adds counts and loses nothing.

const BUCKETS_PER_OCTAVE = 128;
const BUCKET_BITS = 7;
const BUCKETS = (31 - BUCKET_BITS) * BUCKETS_PER_OCTAVE + 2 * BUCKETS_PER_OCTAVE;

/** Values from here on (about 71 minutes) are counted as beyond the range. */
export const LATENCY_LIMIT_MICROS = 2 ** 32;

/** JSON-able and compact: only buckets that are not empty, as alternating index distance and count. */
export interface EncodedHistogram {
  readonly buckets: readonly number[];
  readonly sumMicros: number;
  readonly minMicros: number;
  readonly maxMicros: number;
  readonly belowRange: number;
  readonly beyondRange: number;
  /** The value furthest below 0. Absent where none is below 0. */
  readonly earliestMicros?: number;
}

export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly mean: number;
}

export class LatencyHistogram {
  private readonly counts = new Float64Array(BUCKETS);
  private sumMicros = 0;
  private minimum = Number.POSITIVE_INFINITY;
  private maximum = 0;
  /** Values below 0, which are in no bucket: an event that arrived before it was due. In percentiles they are the lowest, as 0. */
  belowRange = 0;
  /** The furthest of these; 0 without any. It shows when two clocks are further apart than they are said to be. */
  earliestMicros = 0;
  /** Values of LATENCY_LIMIT_MICROS and more, or not numbers. They are in no bucket and no percentile. */
  beyondRange = 0;

  record(micros: number): void {
    this.recordMany(micros, 1);
  }

  recordMany(micros: number, count: number): void {
    if (!(micros >= 0 && micros < LATENCY_LIMIT_MICROS)) {
      this.recordOutside(micros, count);
      return;
    }
    const whole = micros >>> 0;
    const shift = 31 - BUCKET_BITS - Math.clz32(whole | BUCKETS_PER_OCTAVE);
    const bucket = (shift << BUCKET_BITS) + (whole >>> shift);
    this.counts[bucket] = (this.counts[bucket] as number) + count;
    this.sumMicros += micros * count;
    if (micros > this.maximum) this.maximum = micros;
    if (micros < this.minimum) this.minimum = micros;
  }

  private recordOutside(micros: number, count: number): void {
    if (micros < 0) {
      this.belowRange += count;
      if (micros < this.earliestMicros) this.earliestMicros = micros;
    } else this.beyondRange += count;
  }

  /** Values below the range and in the buckets; those beyond it are not among them. */
  get count(): number {
    let total = this.belowRange;
    // By index, which is several times as fast as the iterator of a typed array.
    for (let bucket = 0; bucket < BUCKETS; bucket++) total += this.counts[bucket] as number;
    return total;
  }

  merge(other: LatencyHistogram): void {
    const theirs = other.counts;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = theirs[bucket] as number;
      if (count !== 0) this.counts[bucket] = (this.counts[bucket] as number) + count;
    }
    this.sumMicros += other.sumMicros;
    this.minimum = Math.min(this.minimum, other.minimum);
    this.maximum = Math.max(this.maximum, other.maximum);
    this.belowRange += other.belowRange;
    this.earliestMicros = Math.min(this.earliestMicros, other.earliestMicros);
    this.beyondRange += other.beyondRange;
  }

  reset(): void {
    this.counts.fill(0);
    this.sumMicros = 0;
    this.minimum = Number.POSITIVE_INFINITY;
    this.maximum = 0;
    this.belowRange = 0;
    this.earliestMicros = 0;
    this.beyondRange = 0;
  }

  /** The highest value that `fraction` (0 to 1) of all values do not exceed, to the end of its bucket; 0 when empty. */
  percentile(fraction: number): number {
    return this.percentiles([fraction])[0] as number;
  }

  /** Of ascending fractions, in one pass. */
  percentiles(fractions: readonly number[]): number[] {
    const { counts, count } = this;
    let [bucket, seen] = [-1, this.belowRange];
    return fractions.map((fraction) => {
      const rank = Math.max(1, Math.ceil(fraction * count));
      while (seen < rank && bucket < BUCKETS - 1) seen += counts[++bucket] as number;
      return bucket < 0 || seen < rank ? 0 : Math.min(highestOf(bucket), this.maximum);
    });
  }

  /** How many values do not exceed each bound (ascending, microseconds), to whole buckets. */
  countsUpTo(boundsMicros: readonly number[]): number[] {
    let [bucket, seen] = [0, this.belowRange];
    return boundsMicros.map((bound) => {
      for (; bucket < BUCKETS && highestOf(bucket) <= bound; bucket++) seen += this.counts[bucket] as number;
      return seen;
    });
  }

  get maxMicros(): number {
    return this.maximum;
  }

  get meanMicros(): number {
    const count = this.count;
    return count === 0 ? 0 : this.sumMicros / count;
  }

  summary(): LatencySummary {
    return {
      count: this.count,
      p50: this.percentile(0.5),
      p90: this.percentile(0.9),
      p99: this.percentile(0.99),
      p999: this.percentile(0.999),
      max: this.maximum,
      mean: this.meanMicros,
    };
  }

  encode(): EncodedHistogram {
    const buckets: number[] = [];
    let last = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = this.counts[bucket] as number;
      if (count === 0) continue;
      buckets.push(bucket - last, count);
      last = bucket;
    }
    return {
      buckets,
      sumMicros: this.sumMicros,
      minMicros: buckets.length === 0 ? 0 : this.minimum,
      maxMicros: this.maximum,
      belowRange: this.belowRange,
      beyondRange: this.beyondRange,
      ...(this.earliestMicros < 0 && { earliestMicros: this.earliestMicros }),
    };
  }

  /** Adds what `encode` gave, from this process or another. */
  mergeEncoded(encoded: EncodedHistogram): void {
    let bucket = 0;
    for (let at = 0; at + 1 < encoded.buckets.length; at += 2) {
      bucket += encoded.buckets[at] as number;
      if (!(bucket < BUCKETS)) throw new RangeError(`histogram bucket ${bucket} of ${BUCKETS}`);
      this.counts[bucket] = (this.counts[bucket] as number) + (encoded.buckets[at + 1] as number);
    }
    this.sumMicros += encoded.sumMicros;
    if (encoded.buckets.length > 0) this.minimum = Math.min(this.minimum, encoded.minMicros);
    this.maximum = Math.max(this.maximum, encoded.maxMicros);
    this.belowRange += encoded.belowRange;
    this.earliestMicros = Math.min(this.earliestMicros, encoded.earliestMicros ?? 0);
    this.beyondRange += encoded.beyondRange;
  }
}

/** The highest whole value of a bucket. */
function highestOf(bucket: number): number {
  if (bucket < 2 * BUCKETS_PER_OCTAVE) return bucket;
  const shift = (bucket >>> BUCKET_BITS) - 1;
  return (bucket - (shift << BUCKET_BITS) + 1) * 2 ** shift - 1;
}

export function createLatencyHistogram(): LatencyHistogram {
  return new LatencyHistogram();
}

export function mergeHistograms(encoded: Iterable<EncodedHistogram>): LatencyHistogram {
  const merged = new LatencyHistogram();
  for (const one of encoded) merged.mergeEncoded(one);
  return merged;
}
