// Which connections a fault resets from the clients' side: a share of those at its hubs, drawn by client, so that a run repeats.
import { chooseShare } from '../../../faults/choose-share.ts';
import { createRandom } from '../../../kit/random.ts';
import type { CohortConnection } from '../account/cohort-connection.ts';
import type { CohortState } from '../cohort-state.ts';
import type { ConnectionDrop } from '../worker-messages.ts';

type Dropped = Pick<CohortState, 'hub' | 'cohort' | 'connections'>;

/** At least one where there are any. */
export function chooseDropped(
  states: readonly Dropped[],
  { hubs, share, seed }: ConnectionDrop,
): CohortConnection[] {
  const all = states
    .filter(({ hub }) => hubs.includes(hub))
    .flatMap((state) => state.connections().map((item) => ({ item, name: state.cohort.name })))
    .map(({ item, name }) => ({
      item,
      drawn: createRandom(seed, `drop ${name} ${item.number}`).next(),
    }));
  return chooseShare(all, share);
}
