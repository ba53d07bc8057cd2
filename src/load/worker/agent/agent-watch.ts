// Whether the agent of a worker process is still there. Its end ends the channel to it; one that is stopped leaves it open, and nobody
// could tell its clients to go. Looks are counted, not time, so that a worker that was itself stopped goes on.
import type { Clock } from '../../../time/clock.ts';

const LOOK_MILLIS = 1_000;
/** An agent hands out the time four times a second, and about once where its coordinator is silent, which it bears for ten. */
const MAX_SILENT_LOOKS = 15;

export interface AgentWatch {
  /** The agent has handed out the time; from the first on it is awaited. */
  heard(): void;
}

export function createAgentWatch(clock: Clock, onSilent: () => void): AgentWatch {
  let looks = 0;
  let isWatching = false;

  function look(): void {
    if (++looks > MAX_SILENT_LOOKS) onSilent();
    else clock.after(LOOK_MILLIS, look);
  }

  return {
    heard() {
      looks = 0;
      if (!isWatching) clock.after(LOOK_MILLIS, look);
      isWatching = true;
    },
  };
}
