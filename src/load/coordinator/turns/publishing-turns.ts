// Publishing at several hubs in turn. The next hub has its turn only once all clients that read at once have everything that was
// published before: then the order across producers is certain, and the ledger may ask for one order at every hub.
import type { Clock } from '../../../time/clock.ts';
import { pause } from '../../../time/deadline.ts';

const TURN_MICROS = 1_000_000;
/** Publishing waits no longer than this for the clients; then the hub keeps its turn. */
const MOST_WAIT_MICROS = 250_000;
const LOOK_MILLIS = 2;

export interface TurnParts {
  readonly clock: Clock;
  /** Events go to the next hub from now on. */
  readonly takeTurn: () => void;
  /** Makes the workers report soon. */
  readonly refresh: () => void;
  readonly haveAll: () => boolean;
}

/** To be awaited before each request. */
export function createPublishingTurns({ clock, takeTurn, refresh, haveAll }: TurnParts): () => Promise<void> {
  let endsMicros = clock.nowMicros() + TURN_MICROS;
  return async () => {
    if (clock.nowMicros() < endsMicros) return;
    const untilMicros = clock.nowMicros() + MOST_WAIT_MICROS;
    while (!haveAll() && clock.nowMicros() < untilMicros) {
      refresh();
      await pause(clock, LOOK_MILLIS);
    }
    if (haveAll()) takeTurn();
    endsMicros = clock.nowMicros() + TURN_MICROS;
  };
}
