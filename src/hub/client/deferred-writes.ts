// Work put off to later turns of the event loop, a few items per turn. A thousand writes or endings in one turn would
// delay every other client by tens of milliseconds. HOT: one `add` per deferred write, so no closure and no copying of
// what waits (guarded by hot-functions.bench.ts).

export interface DeferredQueue<T> {
  /** The item is run in a later turn; items run in the order of these calls. */
  add(item: T): void;
  isEmpty(): boolean;
}

/** Runs at most `itemsPerTurn` items per turn. `nextTurn` schedules a turn; tests and benches bring their own. */
export function createDeferredQueue<T>(
  itemsPerTurn: number,
  run: (item: T) => void,
  nextTurn: (runTurn: () => void) => void = setImmediate,
): DeferredQueue<T> {
  // Two lists, swapped when the first is done: each item is moved once, however many wait.
  let current: T[] = [];
  let incoming: T[] = [];
  let next = 0;
  let isScheduled = false;

  function waitingItems(): number {
    return current.length - next + incoming.length;
  }

  function schedule(): void {
    isScheduled = true;
    nextTurn(runTurn);
  }

  function runTurn(): void {
    let items = Math.min(itemsPerTurn, waitingItems());
    isScheduled = false;
    if (waitingItems() > items) schedule();
    for (; items > 0; items--) run(take());
  }

  function take(): T {
    if (next === current.length) {
      current = incoming;
      incoming = [];
      next = 0;
    }
    return current[next++] as T;
  }

  return {
    add(item) {
      incoming.push(item);
      if (!isScheduled) schedule();
    },
    isEmpty: () => waitingItems() === 0,
  };
}
