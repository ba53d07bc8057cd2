// The sequences that a client did not get because it was away: from the last before a return to the first after it. Bounded:
// of a client that returns often, the oldest returns are settled and only their sums are kept.
import type { RefusedEvents } from '../refused-events.ts';

const MAX_RANGES = 4;

export class AwayRanges {
  /** Ascending and disjoint, both ends inclusive. */
  private readonly ranges: { from: number; to: number }[] = [];
  /** All sequences, those of settled ranges included. */
  events = 0;
  /** Of the settled ones, those that nobody was owed. */
  settledUnowed = 0;

  /** Above all that were added before. */
  add(from: number, to: number): void {
    this.ranges.push({ from, to });
    this.events += to - from + 1;
  }

  /** Before another is added: what is old enough is settled, as by now it is known what the hub refused then. */
  settle(refused: RefusedEvents): void {
    if (this.ranges.length < MAX_RANGES) return;
    const oldest = this.ranges.shift();
    if (oldest) this.settledUnowed += refused.countWithin(oldest.from, oldest.to + 1);
  }

  /** From `from` to `to`, both inclusive, without those of settled ranges. */
  countWithin(from: number, to: number): number {
    return this.ranges.reduce(
      (sum, range) => sum + Math.max(0, Math.min(range.to, to) - Math.max(range.from, from) + 1),
      0,
    );
  }
}
