// Where events were lost, of several hubs that must deliver the same: a hub that is not passed what is published at another
// loses all of it.
import { mergeBalances } from '../../../ledger/ledger-balance.ts';
import type { AtHub, CohortPart } from '../../worker/worker-messages.ts';
import type { TargetResult } from './fold-targets.ts';

type HubOfRun = Pick<TargetResult, 'target' | 'url' | 'isPublishedAt'>;

/** For the end of a sentence about a cohort; empty with one hub. */
export function describeWhereLost(
  cohort: string,
  { cells, targets }: { readonly cells: readonly AtHub<CohortPart>[]; readonly targets: readonly HubOfRun[] },
): string {
  const losses = targets.flatMap((target) => {
    const parts = cells.filter(({ name, hub }) => name === cohort && hub + 1 === target.target);
    const { lost, received } = mergeBalances(parts.map(({ balance }) => balance));
    return lost === 0 ? [] : [{ ...target, lost, received }];
  });
  if (losses.length === 0) return '';
  const counts = losses.map(({ target, url, lost }) => `${lost} at target ${target} (${url})`);
  const silent = losses.filter(({ received, isPublishedAt }) => received === 0 && !isPublishedAt);
  const causes = silent.map(
    ({ target }) =>
      `; target ${target} delivered no event at all: what is published at ${publishers(targets)} is not passed on to it`,
  );
  return `: ${counts.join(', ')}${causes.join('')}`;
}

function publishers(targets: readonly HubOfRun[]): string {
  const numbers = targets.filter(({ isPublishedAt }) => isPublishedAt).map(({ target }) => target);
  return numbers.length === 1 ? `target ${numbers[0]}` : `targets ${numbers.join(', ')}`;
}
