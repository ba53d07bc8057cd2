// On which machines something went wrong, where not on all: such as events in another order for the clients of one of them.
import type { LedgerBalance } from '../../../ledger/ledger.ts';
import { renderCount } from '../../../units/rate.ts';
import { isWorkerOf } from './fold-agents.ts';
import type { ComparedRun } from './judge-digests.ts';

/** Others are counted. */
const MOST_NAMES = 5;

/** For the end of a sentence about a cohort; empty on one machine, and where clients of all machines are meant. */
export function nameAgents(
  { agents = [], results }: ComparedRun,
  cohort: string,
  read: (balance: LedgerBalance) => number,
): string {
  const rows = agents.map((agent) => {
    const parts = results
      .filter(({ worker }) => isWorkerOf(agent, worker))
      .flatMap(({ cohorts }) => cohorts.filter(({ name }) => name === cohort));
    const sum = (of: (balance: LedgerBalance) => number) =>
      parts.reduce((total, { balance }) => total + of(balance), 0);
    return { name: agent.name, count: sum(read), received: sum(({ received }) => received) };
  });
  const affected = rows.filter(({ count }) => count > 0);
  const others = rows.filter(({ count, received }) => count === 0 && received > 0);
  if (affected.length === 0 || others.length === 0) return '';
  return `; only by clients of ${namesOf(affected)}, not by those of ${namesOf(others)}`;
}

function namesOf(rows: readonly { readonly name: string }[]): string {
  const names = rows.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = rows.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${renderCount(more)} others` : names.join(', ');
}
