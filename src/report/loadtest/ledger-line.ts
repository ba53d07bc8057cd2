// The ledger of a load test in one line: where every delivery that was expected is.
import type { LoadtestResult } from '../../load/result/result.ts';
import { renderCount } from '../../units/rate.ts';

/** Deliveries expected, and what became of them. */
export function ledgerLine({ ledger }: LoadtestResult): string {
  const { expected, received, evictedTail, leftTail, lost, balanced, imbalances } = ledger;
  const { missedAway, lateJoin, unaccounted } = ledger;
  const away =
    missedAway === undefined
      ? ''
      : ` + ${renderCount(missedAway)} missed while away + ${renderCount(lateJoin ?? 0)} missed after a return, before its first event`;
  const unknown =
    unaccounted === undefined
      ? ''
      : ` + ${renderCount(unaccounted)} unaccounted (owed, at most, to clients whose worker process or agent was lost)`;
  const balance = balanced
    ? 'balanced'
    : `NOT BALANCED${imbalances.length === 0 ? '' : ` (${imbalances.join('; ')})`}`;
  return `${renderCount(expected)} deliveries expected = ${renderCount(received)} received + ${renderCount(evictedTail)} not delivered to evicted clients + ${renderCount(leftTail)} not delivered to clients that left${away} + ${renderCount(lost)} lost${unknown}; ${balance}`;
}
