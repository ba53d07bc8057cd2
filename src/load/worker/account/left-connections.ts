// Accounts of connections that their clients left, the latest one by one: they may hold events that are still unanswered.
// Older ones are added to a sum, so that memory grows with clients and not with connections.
import { DepartedClients } from '../../../ledger/departed-clients.ts';
import type { ClientLedger, LedgerBalance, PublishedRange } from '../../../ledger/ledger.ts';
import { foldLedger, mergeBalances } from '../../../ledger/ledger-balance.ts';
import type { RefusedEvents } from '../../../ledger/refused-events.ts';

/** Departed connections whose accounts are kept one by one. */
const MAX_LATELY_DEPARTED = 1_000;

export class LeftConnections {
  private readonly lately: ClientLedger[] = [];
  private readonly departed = new DepartedClients();

  add(ledger: ClientLedger, refused: RefusedEvents): void {
    this.lately.push(ledger);
    if (this.lately.length <= MAX_LATELY_DEPARTED) return;
    const oldest = this.lately.shift();
    if (oldest) this.departed.add(oldest.snapshot(refused));
  }

  /** `others` are about to be left. */
  balance(
    range: PublishedRange,
    refused: RefusedEvents,
    others: readonly ClientLedger[] = [],
  ): LedgerBalance {
    const entries = [...this.lately, ...others].map((ledger) => ({
      snapshot: ledger.snapshot(refused),
      outcome: 'left' as const,
    }));
    return mergeBalances([
      // A connection that a client left owes it nothing but what came after its first event.
      foldLedger(entries, { ...range, owedFrom: undefined }),
      this.departed.balance(range.last, range.unansweredLast),
    ]);
  }
}
