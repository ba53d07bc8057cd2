// The sequences a client has not received between the first and the last that it has: ranges, because losses come in
// runs. Bounded: when a client has more gaps than the list holds, the oldest gap is forgotten and stays missing.

export const MAX_MISSING_RANGES = 1_024;

export class MissingRanges {
  /** Sorted, disjoint: from, to, from, to, … both inclusive. */
  private readonly bounds: number[] = [];
  /** All missing sequences, the forgotten ones included. */
  missing = 0;
  /** Below this, a sequence in no range may have been received or forgotten: which of the two is unknown. */
  forgottenBelow = 0;

  /** `from` to `to` inclusive, in no range so far. */
  add(from: number, to: number): void {
    const at = this.indexOf(from);
    this.bounds.splice(at, 0, from, to);
    this.missing += to - from + 1;
    this.bound();
  }

  /** True when the sequence was missing; it is not any more. */
  fill(sequence: number): boolean {
    const at = this.indexOf(sequence);
    const from = this.bounds[at];
    const to = this.bounds[at + 1];
    if (from === undefined || to === undefined || sequence < from) return false;
    if (from === to) this.bounds.splice(at, 2);
    else if (sequence === from) this.bounds[at] = from + 1;
    else if (sequence === to) this.bounds[at + 1] = to - 1;
    else this.bounds.splice(at + 1, 0, sequence - 1, sequence + 1);
    this.missing--;
    this.bound();
    return true;
  }

  /** How many from `from` to `to` inclusive are missing; of a forgotten gap nothing is known, so all count. */
  countWithin(from: number, to: number): number {
    let count = Math.max(0, Math.min(to + 1, this.forgottenBelow) - from);
    for (let at = this.indexOf(Math.max(from, this.forgottenBelow)); at < this.bounds.length; at += 2) {
      const [start, end] = [this.bounds[at] as number, this.bounds[at + 1] as number];
      if (start > to) break;
      count += Math.min(end, to) - Math.max(start, from) + 1;
    }
    return count;
  }

  private bound(): void {
    if (this.bounds.length <= 2 * MAX_MISSING_RANGES) return;
    const to = this.bounds[1] as number;
    this.bounds.splice(0, 2);
    this.forgottenBelow = Math.max(this.forgottenBelow, to + 1);
  }

  /** The place of the first range that ends at or after `sequence`. */
  private indexOf(sequence: number): number {
    let low = 0;
    let high = this.bounds.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.bounds[2 * middle + 1] as number) < sequence) low = middle + 1;
      else high = middle;
    }
    return 2 * low;
  }
}
