// Of several hubs that must deliver the same events: which deliver none of them. While the run warms up, clients may be
// registered late; but where all clients of one hub receive events and none of another hub's does, that hub is not passed any.
import type { Clock } from '../../../time/clock.ts';
import type { CohortTotals } from '../cohort-progress.ts';

/** After all clients of the first hub to deliver have joined. */
export const SILENT_HUB_MILLIS = 5_000;

/** The hubs, from 0, that are silent now. */
export function createSilentHubWatch(
  hubs: number,
  kept: readonly string[],
  progress: Pick<CohortTotals, 'sum'>,
  clock: Pick<Clock, 'nowMicros'>,
): () => readonly number[] {
  const numbers = Array.from({ length: hubs }, (_, hub) => hub);
  let sinceMicros: number | undefined;
  const openAt = (hub: number) => progress.sum(kept, 'open', hub);
  const joinedAt = (hub: number) => progress.sum(kept, 'joined', hub);
  return () => {
    if (!numbers.some((hub) => openAt(hub) > 0 && joinedAt(hub) >= openAt(hub))) {
      sinceMicros = undefined;
      return [];
    }
    sinceMicros ??= clock.nowMicros();
    if (clock.nowMicros() < sinceMicros + SILENT_HUB_MILLIS * 1e3) return [];
    return numbers.filter((hub) => openAt(hub) > 0 && joinedAt(hub) === 0);
  };
}
