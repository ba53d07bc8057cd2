// Which connections a fault resets from the clients' side: a share of those at its hubs, drawn by client, so that a run repeats.
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
    .flatMap((state) => state.connections().map((connection) => ({ connection, name: state.cohort.name })))
    .map(({ connection, name }) => ({
      connection,
      drawn: createRandom(seed, `drop ${name} ${connection.number}`).next(),
    }))
    .sort((a, b) => a.drawn - b.drawn);
  const count = all.length === 0 ? 0 : Math.max(1, Math.round(all.length * share));
  return all.slice(0, count).map(({ connection }) => connection);
}
