// Events whose broadcast request was never answered: the hub may have delivered them or not. Nobody is owed one, and a
// client that received one did so rightly, so the fold leaves them out of a client's account.
import type { ClientSnapshot, PublishedRange } from './ledger.ts';

/** The account without the unanswered events at its end. Gaps in that part are taken to be unanswered, too. */
export function withoutUnanswered(snapshot: ClientSnapshot, range: PublishedRange): ClientSnapshot {
  const { firstSequence: first, nextSequence: next, received, missing } = snapshot;
  const highest = range.unansweredLast ?? range.last;
  if (first === undefined || next === undefined) return snapshot;
  if (next - 1 <= range.last || next - 1 > highest) return snapshot;
  if (first > range.last)
    return { ...snapshot, firstSequence: undefined, nextSequence: undefined, received: 0 };
  const unanswered = next - 1 - range.last;
  const unansweredMissing = Math.min(missing, unanswered - 1);
  return {
    ...snapshot,
    nextSequence: range.last + 1,
    received: received - (unanswered - unansweredMissing),
    missing: missing - unansweredMissing,
  };
}
