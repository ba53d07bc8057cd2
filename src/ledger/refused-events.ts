// Events that nobody is owed: the hub refused them, or a request with them was never answered while it was under a fault.
// Their numbers stay on the wire, because a hub may deliver them all the same, and who received one did so rightly. So
// accounts are taken in the numbers of accepted events: an event's number less those below it that nobody is owed.
import type { SequenceSnapshot } from './client/sequence-account.ts';

/** `allowed`: it is not known whether the hub took them. */
export type UnowedKind = 'refused' | 'allowed';

interface UnownedRange {
  readonly from: number;
  /** Inclusive. */
  to: number;
  readonly kind: UnowedKind;
  /** All of the ranges before. */
  readonly eventsBefore: number;
}

export class RefusedEvents {
  /** Ascending and disjoint. */
  private readonly ranges: UnownedRange[] = [];
  /** Nobody knows yet whether the hub accepts the events from here on: clients may have them or not. */
  private unsettledFrom = Number.POSITIVE_INFINITY;

  /** Above all that were added before; both inclusive. */
  add(from: number, to: number, kind: UnowedKind = 'refused'): void {
    const last = this.ranges.at(-1);
    if (last && last.to + 1 === from && last.kind === kind) last.to = to;
    else
      this.ranges.push({
        from,
        to,
        kind,
        eventsBefore: last === undefined ? 0 : last.eventsBefore + last.to - last.from + 1,
      });
  }

  /** The same while the run goes on: events from `sequence` on are not settled, and in nobody's account. */
  before(sequence: number): RefusedEvents {
    const settled = new RefusedEvents();
    for (const { from, to, kind } of this.rangesWithin(0, sequence)) settled.add(from, to, kind);
    settled.unsettledFrom = sequence;
    return settled;
  }

  /** Among the accepted events. */
  rankOf(wanted: number): number {
    const sequence = Math.min(wanted, this.unsettledFrom);
    const range = this.ranges[this.firstAfter(sequence) - 1];
    if (range === undefined) return sequence;
    return sequence - range.eventsBefore - (Math.min(range.to + 1, sequence) - range.from);
  }

  countWithin(first: number, next: number): number {
    return next <= first ? 0 : next - first - (this.rankOf(next) - this.rankOf(first));
  }

  /** The parts of them from `first` to before `next`; both ends inclusive. */
  rangesWithin(first: number, next: number): { from: number; to: number; kind: UnowedKind }[] {
    const found: { from: number; to: number; kind: UnowedKind }[] = [];
    for (let at = Math.max(0, this.firstAfter(first) - 1); at < this.ranges.length; at++) {
      const { from, to, kind } = this.ranges[at] as UnownedRange;
      if (from >= next) break;
      if (to >= first) found.push({ from: Math.max(from, first), to: Math.min(to, next - 1), kind });
    }
    const unsettledFrom = Math.max(first, this.unsettledFrom);
    if (unsettledFrom < next) found.push({ from: unsettledFrom, to: next - 1, kind: 'allowed' });
    return found;
  }

  /** The place of the first range that begins at or after `sequence`. */
  private firstAfter(sequence: number): number {
    let [low, high] = [0, this.ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ranges[middle] as UnownedRange).from < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What a client lacks of events from one number to another, both inclusive. */
export interface Lacking {
  /** Missing while it was connected. */
  missingWithin(from: number, to: number): number;
  /** Left out when it came back. */
  awayWithin(from: number, to: number): number;
  /** Of the events left out at older returns, those that nobody was owed. */
  readonly settledUnowed: number;
}

/** The account in numbers of accepted events. */
export function withoutRefused(
  account: SequenceSnapshot,
  refused: RefusedEvents,
  lacking: Lacking,
): SequenceSnapshot & { readonly refused: number } {
  const { firstSequence: first, nextSequence: next } = account;
  if (first === undefined || next === undefined) return { ...account, refused: 0 };
  let [missing, away, allowed, unowed] = [0, lacking.settledUnowed, 0, 0];
  for (const { from, to, kind } of refused.rangesWithin(first, next)) {
    const [missingHere, awayHere] = [lacking.missingWithin(from, to), lacking.awayWithin(from, to)];
    unowed += to - from + 1;
    missing += missingHere;
    away += awayHere;
    if (kind === 'allowed') allowed += to - from + 1 - missingHere - awayHere;
  }
  const received = unowed - missing - away;
  const counts = {
    received: account.received - received,
    missing: account.missing - missing,
    away: account.away - away,
    refused: Math.max(0, received - allowed),
  };
  const isSilent = counts.received === 0 && counts.away === 0;
  return {
    ...account,
    ...counts,
    firstSequence: isSilent ? undefined : refused.rankOf(first),
    nextSequence: isSilent ? undefined : refused.rankOf(next),
  };
}
