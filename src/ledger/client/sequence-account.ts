// One client's account of order, loss and duplicates, from nothing but the sequence numbers as they arrive. Hot
// (receive.bench.ts): in order it is two additions, and no memory beyond this object.
import type { ClientSnapshot } from '../ledger.ts';
import { MissingRanges } from './missing-ranges.ts';

export type SequenceSnapshot = Pick<
  ClientSnapshot,
  'firstSequence' | 'nextSequence' | 'received' | 'missing' | 'duplicated' | 'reordered' | 'unplaced'
>;

export class SequenceAccount {
  /** The sequence after the highest received; -1 before the first. */
  next = -1;
  /** Distinct sequences received. */
  received = 0;
  /** The lowest sequence received; -1 before the first. The client takes part from here on (join barrier). */
  first = -1;
  duplicated = 0;
  /** Sequences received after a higher one. */
  reordered = 0;
  /** Late sequences that may be duplicates or fill a forgotten gap. */
  unplaced = 0;
  private gaps: MissingRanges | undefined = undefined;

  get missing(): number {
    return this.gaps === undefined ? 0 : this.gaps.missing;
  }

  /** Takes `count` sequences from `next` on. Sums of small integers keep the fields small integers. */
  takeRun(count: number): void {
    this.next += count;
    this.received += count;
  }

  /** True when this sequence had not been received before. */
  take(sequence: number): boolean {
    if (sequence !== this.next) return this.takeOutOfTurn(sequence);
    this.takeRun(1);
    return true;
  }

  private takeOutOfTurn(sequence: number): boolean {
    if (this.next === -1) {
      this.first = sequence;
      this.next = sequence + 1;
    } else if (sequence > this.next) {
      this.gap(this.next, sequence - 1);
      this.next = sequence + 1;
    } else if (sequence < this.first) {
      // An earlier one arrives late: the client had joined by then, so the events in between are expected too.
      if (sequence + 1 < this.first) this.gap(sequence + 1, this.first - 1);
      this.first = sequence;
      this.reordered++;
    } else if (this.gaps?.fill(sequence)) {
      this.reordered++;
    } else if (sequence < (this.gaps?.forgottenBelow ?? 0)) {
      this.unplaced++;
      return false;
    } else {
      this.duplicated++;
      return false;
    }
    this.received++;
    return true;
  }

  /** How many sequences from `from` to `to` inclusive, all between the first and the next, were not received. */
  missingWithin(from: number, to: number): number {
    return this.gaps === undefined ? 0 : this.gaps.countWithin(from, to);
  }

  private gap(from: number, to: number): void {
    this.gaps ??= new MissingRanges();
    this.gaps.add(from, to);
  }

  snapshot(): SequenceSnapshot {
    return {
      firstSequence: this.first === -1 ? undefined : this.first,
      nextSequence: this.next === -1 ? undefined : this.next,
      received: this.received,
      missing: this.missing,
      duplicated: this.duplicated,
      reordered: this.reordered,
      unplaced: this.unplaced,
    };
  }
}
