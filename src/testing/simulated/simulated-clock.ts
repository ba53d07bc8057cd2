// A Clock whose time moves only when a test moves it: timers fire in due order, ties in the order they were set,
// and no real time passes.
import type { Clock, Timer } from '../../time/clock.ts';

export interface SimulatedClock extends Clock {
  /** Moves time on by `millis` and fires every timer due by then, those set on the way included, synchronously. */
  advance(millis: number): void;
  /** Like `advance`, but lets promise continuations run after every timer, so that awaited pauses chain. */
  advanceAsync(millis: number): Promise<void>;
  /** Timers set and neither fired nor cancelled. */
  readonly pendingTimers: number;
}

interface PendingTimer {
  readonly dueMicros: number;
  readonly setOrder: number;
  readonly fire: () => void;
}

export interface SimulatedClockOptions {
  /** Where the monotonic clock starts, in microseconds; default 1,000,000. */
  readonly startMicros?: number;
  /** Wall time at the start, in milliseconds since 1970; default 2024-01-01T00:00:00Z. */
  readonly startWallMillis?: number;
}

export function createSimulatedClock(options: SimulatedClockOptions = {}): SimulatedClock {
  const startMicros = options.startMicros ?? 1_000_000;
  const startWallMillis = options.startWallMillis ?? Date.UTC(2024, 0, 1);
  const pending = new Set<PendingTimer>();
  let nowMicros = startMicros;
  let timersSet = 0;

  function takeDue(untilMicros: number): PendingTimer | undefined {
    let next: PendingTimer | undefined;
    for (const timer of pending) {
      if (timer.dueMicros > untilMicros) continue;
      if (next === undefined || isBefore(timer, next)) next = timer;
    }
    if (next !== undefined) pending.delete(next);
    return next;
  }

  function fireNext(untilMicros: number): boolean {
    const timer = takeDue(untilMicros);
    if (timer === undefined) return false;
    nowMicros = Math.max(nowMicros, timer.dueMicros);
    timer.fire();
    return true;
  }

  return {
    nowMicros: () => nowMicros,
    wallMillis: () => startWallMillis + Math.floor((nowMicros - startMicros) / 1_000),
    after(delayMillis, fire): Timer {
      timersSet += 1;
      const timer = { dueMicros: nowMicros + Math.max(0, delayMillis) * 1_000, setOrder: timersSet, fire };
      pending.add(timer);
      return { cancel: () => void pending.delete(timer) };
    },
    advance(millis) {
      const untilMicros = nowMicros + millis * 1_000;
      while (fireNext(untilMicros));
      nowMicros = Math.max(nowMicros, untilMicros);
    },
    async advanceAsync(millis) {
      const untilMicros = nowMicros + millis * 1_000;
      await settle();
      while (fireNext(untilMicros)) await settle();
      nowMicros = Math.max(nowMicros, untilMicros);
      await settle();
    },
    get pendingTimers() {
      return pending.size;
    },
  };
}

function isBefore(left: PendingTimer, right: PendingTimer): boolean {
  return (
    left.dueMicros < right.dueMicros || (left.dueMicros === right.dueMicros && left.setOrder < right.setOrder)
  );
}

// setImmediate runs after every promise continuation that is ready, however deep the chain.
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
