// Events whose broadcast request was never answered: the hub may have delivered them or not. Nobody is owed one, and a
// client that received one did so rightly, so the fold leaves them out of a client's account.
import type { ClientSnapshot, PublishedRange } from './ledger.ts';

/** The account without the undecided events at its end. Gaps in that part are taken to be undecided, too. */
export function withoutUndecided(snapshot: ClientSnapshot, range: PublishedRange): ClientSnapshot {
  const { firstSequence: first, nextSequence: next, received, missing } = snapshot;
  const highest = range.undecidedLast ?? range.last;
  if (first === undefined || next === undefined) return snapshot;
  if (next - 1 <= range.last || next - 1 > highest) return snapshot;
  if (first > range.last)
    return { ...snapshot, firstSequence: undefined, nextSequence: undefined, received: 0 };
  const undecided = next - 1 - range.last;
  const undecidedMissing = Math.min(missing, undecided - 1);
  return {
    ...snapshot,
    nextSequence: range.last + 1,
    received: received - (undecided - undecidedMissing),
    missing: missing - undecidedMissing,
  };
}
