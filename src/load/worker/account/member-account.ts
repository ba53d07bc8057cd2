// What became of the clients of one cohort in one worker process, at the end of a run or while it goes on. A slice of them at
// a time, so that a worker with thousands of clients goes on reading in between.
import type { ClientOutcome, LedgerBalance, LedgerEntry, PublishedRange } from '../../../ledger/ledger.ts';
import { foldLedger, mergeBalances } from '../../../ledger/ledger-balance.ts';
import type { RefusedEvents } from '../../../ledger/refused-events.ts';
import type { CohortMember } from '../cohort-member.ts';

export interface Accounting {
  readonly range: PublishedRange;
  readonly refused: RefusedEvents;
  /** While a run goes on, events are on their way to open clients: these are counted as if they left now. */
  readonly isInterim?: boolean;
}

export interface MemberAccount {
  readonly open: number;
  readonly evicted: number;
  readonly left: number;
  /** Dropped by a fault, and not back. */
  readonly away: number;
  /** Open clients that did not get everything. */
  readonly behind: number;
  readonly balance: LedgerBalance;
}

export function accountFor(
  members: readonly CohortMember[],
  { range, refused, isInterim = false }: Accounting,
): MemberAccount {
  const counts = { open: 0, evicted: 0, left: 0, away: 0, behind: 0 };
  const [early, late]: [LedgerEntry[], LedgerEntry[]] = [[], []];
  for (const member of members) {
    const { outcome, isOpen, ledger, wasEvicted, joinedLate } = member;
    if (isOpen && !member.isLeaving) counts.open++;
    if (wasEvicted) counts.evicted++;
    if (outcome === 'left') counts.left++;
    if (outcome === 'dropped') counts.away++;
    if (ledger === undefined) continue;
    const snapshot = ledger.snapshot(refused);
    if (outcome === 'open' && (snapshot.nextSequence ?? 0) <= range.last) counts.behind++;
    const accounted: ClientOutcome = isOpen && isInterim ? 'left' : outcome;
    (joinedLate ? late : early).push({ snapshot, outcome: accounted });
  }
  const balance = mergeBalances([
    foldLedger(early, range),
    foldLedger(late, { ...range, owedFrom: undefined }),
  ]);
  return { ...counts, balance };
}

export function mergeAccounts(accounts: readonly MemberAccount[]): MemberAccount {
  const sum = (key: Exclude<keyof MemberAccount, 'balance'>) =>
    accounts.reduce((total, account) => total + account[key], 0);
  return {
    open: sum('open'),
    evicted: sum('evicted'),
    left: sum('left'),
    away: sum('away'),
    behind: sum('behind'),
    balance: mergeBalances(accounts.map(({ balance }) => balance)),
  };
}
