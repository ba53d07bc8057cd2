// The ledger in the result: where the deliveries of a run are, over all clients.
import type { LedgerBalance } from '../../../ledger/ledger.ts';

export interface LedgerResult {
  readonly published: number;
  readonly expected: number;
  readonly received: number;
  readonly evictedTail: number;
  readonly leftTail: number;
  /** Accepted while a client was away, until it came back. Absent where nobody missed anything so, as are the next two. */
  readonly missedAway?: number;
  /** Accepted after a client's new handshake and before its first event. */
  readonly lateJoin?: number;
  /** Received after a return and older than what the client had. */
  readonly replayed?: number;
  /** Owed, at most, to clients whose worker process or agent was lost with its account. Absent without any. */
  readonly unaccounted?: number;
  readonly lost: number;
  readonly foreign: number;
  readonly balanced: boolean;
  readonly imbalances: readonly string[];
}

export function foldLedgerResult(balance: LedgerBalance, published: number): LedgerResult {
  const { expected, received, evictedTail, leftTail, lost, foreign, balanced, imbalances } = balance;
  const { missedAway, lateJoin, replayed, unaccounted } = balance;
  const returns = missedAway + lateJoin + replayed === 0 ? {} : { missedAway, lateJoin, replayed };
  return {
    ...{
      published,
      expected,
      received,
      evictedTail,
      leftTail,
      ...returns,
      ...(unaccounted > 0 && { unaccounted }),
      lost,
      foreign,
      balanced,
      imbalances,
    },
  };
}
