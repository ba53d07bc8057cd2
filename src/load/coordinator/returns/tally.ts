// How often each whole number came, for percentiles of a few thousand values that spread little. Bounded: numbers of four digits
// and more are kept to three, so that a tally holds some thousand entries however many values it has.

export interface TallySummary {
  readonly total: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export class Tally {
  private readonly counts = new Map<number, number>();
  private max = 0;
  private total = 0;
  count = 0;

  add(value: number): void {
    const whole = Math.max(0, Math.round(value));
    const key = rounded(whole);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    this.max = Math.max(this.max, whole);
    this.total += whole;
    this.count++;
  }

  /** All 0 when empty. */
  summary(): TallySummary {
    const sorted = [...this.counts].sort(([one], [other]) => one - other);
    const percentile = (fraction: number) => {
      let rest = Math.max(1, Math.ceil(fraction * this.count));
      for (const [value, count] of sorted) {
        rest -= count;
        if (rest <= 0) return Math.min(value, this.max);
      }
      return 0;
    };
    return { total: this.total, p50: percentile(0.5), p99: percentile(0.99), max: this.max };
  }
}

/** Upwards, so that no percentile is below what it stands for. */
function rounded(value: number): number {
  if (value < 1_000) return value;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return Math.ceil(value / unit) * unit;
}
