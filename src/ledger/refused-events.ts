// Events that the hub refused. Their numbers stay on the wire, because a hub may answer with an error and deliver all the
// same; nobody is owed them, and who received one did so rightly. So accounts are taken in the numbers of accepted
// events: an event's number less the refused ones below it.
import type { SequenceSnapshot } from './client/sequence-account.ts';

export class RefusedEvents {
  /** Ascending and disjoint: from, to, both inclusive. */
  private readonly ranges: [from: number, to: number][] = [];
  /** Nobody knows yet whether the hub accepts the events from here on: clients may have them or not. */
  unsettledFrom = Number.POSITIVE_INFINITY;

  /** Above all that were added before. */
  add(from: number, to: number): void {
    const last = this.ranges.at(-1);
    if (last && last[1] + 1 === from) last[1] = to;
    else this.ranges.push([from, to]);
  }

  /** The same while the run goes on: events from `sequence` on are not settled, and in nobody's account. */
  before(sequence: number): RefusedEvents {
    const settled = new RefusedEvents();
    for (const [from, to] of this.rangesWithin(0, sequence)) settled.add(from, to);
    settled.unsettledFrom = sequence;
    return settled;
  }

  /** Among the accepted events. */
  rankOf(sequence: number): number {
    return sequence - this.countWithin(0, sequence);
  }

  countWithin(first: number, next: number): number {
    return this.rangesWithin(first, next).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  }

  rangesWithin(first: number, next: number): [from: number, to: number][] {
    const unsettled: [number, number] = [this.unsettledFrom, Number.POSITIVE_INFINITY];
    return [...this.ranges, unsettled]
      .filter(([from, to]) => to >= first && from < next)
      .map(([from, to]) => [Math.max(from, first), Math.min(to, next - 1)]);
  }
}

/** The account in numbers of accepted events; `missingWithin` counts what the client is missing from one number to another. */
export function withoutRefused(
  account: SequenceSnapshot,
  refused: RefusedEvents,
  missingWithin: (from: number, to: number) => number,
): SequenceSnapshot & { readonly refused: number } {
  const { firstSequence: first, nextSequence: next, received, missing } = account;
  if (first === undefined || next === undefined) return { ...account, refused: 0 };
  const counts = { received, missing, refused: 0 };
  for (const [from, to] of refused.rangesWithin(first, next)) {
    const missingHere = missingWithin(from, to);
    const receivedHere = to - from + 1 - missingHere;
    counts.received -= receivedHere;
    counts.missing -= missingHere;
    if (from < refused.unsettledFrom) counts.refused += receivedHere;
  }
  const isSilent = counts.received === 0;
  return {
    ...account,
    ...counts,
    firstSequence: isSilent ? undefined : refused.rankOf(first),
    nextSequence: isSilent ? undefined : refused.rankOf(next),
  };
}
