// What became of the connections of one cohort in one worker process, at the end of a run or while it goes on. A slice of
// them at a time, so that a worker with thousands of clients goes on reading in between.
import type { LedgerBalance, PublishedRange } from '../../../ledger/ledger.ts';
import { foldLedger, mergeBalances } from '../../../ledger/ledger-balance.ts';
import type { RefusedEvents } from '../../../ledger/refused-events.ts';
import { describeEvictedClient } from '../evicted-client.ts';
import type { EvictionPart } from '../worker-messages.ts';
import { type CohortConnection, outcomeOf } from './cohort-connection.ts';

/** Evictions described one by one, for each cohort and worker; all are counted. */
const MAX_DESCRIBED_EVICTIONS = 1_000;

export interface Accounting {
  readonly range: PublishedRange;
  readonly refused: RefusedEvents;
  readonly hub: number;
  /** While a run goes on, events are on their way to open clients: these are counted as if they left now. */
  readonly isInterim?: boolean;
}

export interface ConnectionAccount {
  readonly open: number;
  readonly evicted: number;
  readonly left: number;
  /** Open clients that did not get everything. */
  readonly behind: number;
  readonly balance: LedgerBalance;
  readonly evictions: readonly EvictionPart[];
}

export function accountFor(
  connections: readonly CohortConnection[],
  { range, refused, hub, isInterim = false }: Accounting,
): ConnectionAccount {
  const counts = { open: 0, evicted: 0, left: 0, behind: 0 };
  const evicted: CohortConnection[] = [];
  const entries = connections.map((connection) => {
    const outcome = outcomeOf(connection.client);
    const snapshot = connection.ledger.snapshot(refused);
    counts[outcome]++;
    if (outcome === 'open' && (snapshot.nextSequence ?? 0) <= range.last) counts.behind++;
    if (outcome === 'evicted') evicted.push(connection);
    return { snapshot, outcome: outcome === 'open' && isInterim ? 'left' : outcome };
  });
  return {
    ...counts,
    balance: foldLedger(entries, range),
    evictions: evicted
      .slice(0, MAX_DESCRIBED_EVICTIONS)
      .map((connection) => describeEvictedClient(connection, { refused, hub })),
  };
}

export function mergeAccounts(accounts: readonly ConnectionAccount[]): ConnectionAccount {
  const sum = (key: 'open' | 'evicted' | 'left' | 'behind') =>
    accounts.reduce((total, account) => total + account[key], 0);
  return {
    open: sum('open'),
    evicted: sum('evicted'),
    left: sum('left'),
    behind: sum('behind'),
    balance: mergeBalances(accounts.map(({ balance }) => balance)),
    evictions: accounts.flatMap(({ evictions }) => evictions).slice(0, MAX_DESCRIBED_EVICTIONS),
  };
}
