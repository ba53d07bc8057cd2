// When the core takes its turns. Between two turns the loop goes back to the event loop, so that sockets drain and
// producers are heard. While a client that is still draining has more than half its buffer outstanding, the loop
// pauses a little more, so that healthy readers with small socket buffers survive a burst; the bound on that is
// CROWDED_PAUSE_MILLIS x MAX_PAUSES for one turn of up to 32 events, whatever slow clients do. Nor does it run ahead of
// clients that stand in the slow lane by more than the events of one turn: their buffers must not fill up there.
import type { Clock } from '../../time/clock.ts';
import type { StepQueue } from '../client/deferred-writes.ts';
import type { HubCore } from './core.ts';

const CROWDED_PAUSE_MILLIS = 1;
const MAX_PAUSES = 4;

export interface RunLoop {
  /** Something is queued: turns follow until nothing is. */
  wake(): void;
  /** Resolves when nothing is queued and no producer waits. */
  drained(): Promise<void>;
}

export function createRunLoop(core: HubCore, clock: Clock, slowLane: Pick<StepQueue, 'isEmpty'>): RunLoop {
  let isTurning = false;
  let onDrained: (() => void)[] = [];
  let broadcastsAtEmptyLane = 0;

  function turn(): void {
    if (slowLane.isEmpty()) broadcastsAtEmptyLane = core.broadcasts;
    else if (core.broadcasts - broadcastsAtEmptyLane >= core.turnEvents) {
      // The lane moves on in every turn of the event loop, so that this ends.
      setImmediate(turn);
      return;
    }
    if (core.turn()) {
      pauseWhileCrowded(0);
      return;
    }
    isTurning = false;
    const waiting = onDrained;
    onDrained = [];
    for (const tell of waiting) tell();
  }

  function pauseWhileCrowded(pauses: number): void {
    if (pauses === MAX_PAUSES || !core.hasDrainingCrowd()) setImmediate(turn);
    else clock.after(CROWDED_PAUSE_MILLIS, () => pauseWhileCrowded(pauses + 1));
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
