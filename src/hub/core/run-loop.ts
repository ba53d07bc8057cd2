// When the core takes its turns. Between two turns the event loop runs, so that sockets drain and producers are served.
// While a backlogged client still drains, the loop pauses, so that healthy readers with small socket buffers survive a
// burst: at most BACKLOG_PAUSE_MILLIS x MAX_PAUSES for a turn of up to 32 events, whatever slow clients do. It also runs
// at most one turn's events ahead of deferred writes: buffers must not fill while a write waits for its turn.
import type { Clock } from '../../time/clock.ts';
import type { DeferredQueue } from '../client/deferred-writes.ts';
import type { HubCore } from './core.ts';

const BACKLOG_PAUSE_MILLIS = 1;
const MAX_PAUSES = 4;

export interface RunLoop {
  /** Something is queued: turns follow until nothing is. */
  wake(): void;
  /** Resolves when nothing is queued and no producer waits. */
  drained(): Promise<void>;
}

export function createRunLoop(
  core: HubCore,
  clock: Clock,
  deferredWrites: Pick<DeferredQueue<unknown>, 'isEmpty'>,
): RunLoop {
  let isTurning = false;
  let onDrained: (() => void)[] = [];
  /** Broadcasts when no write was deferred. */
  let settledBroadcasts = 0;

  function turn(): void {
    if (deferredWrites.isEmpty()) settledBroadcasts = core.broadcasts;
    else if (core.broadcasts - settledBroadcasts >= core.turnEvents) {
      // Deferred writes go on in every turn of the event loop, so this ends.
      setImmediate(turn);
      return;
    }
    if (core.turn()) {
      pauseWhileBacklogged(0);
      return;
    }
    isTurning = false;
    const waiting = onDrained;
    onDrained = [];
    for (const resolve of waiting) resolve();
  }

  function pauseWhileBacklogged(pauses: number): void {
    if (pauses === MAX_PAUSES || !core.hasDrainingBacklog()) setImmediate(turn);
    else clock.after(BACKLOG_PAUSE_MILLIS, () => pauseWhileBacklogged(pauses + 1));
  }

  return {
    wake() {
      if (isTurning) return;
      isTurning = true;
      setImmediate(turn);
    },
    drained: () => (isTurning ? new Promise((resolve) => onDrained.push(resolve)) : Promise.resolve()),
  };
}
