// Ends sockets a few at a time. Clients that are evicted by the same event come to their end in the same millisecond, and
// a thousand closed sockets in one turn of the event loop would hold up every other client for tens of milliseconds.

/** Ends in one turn of the event loop: some hundred microseconds of work. */
const ENDS_PER_TURN = 16;

export interface EndingQueue {
  /** `end` is called soon, in the order of these calls. */
  add(end: () => void): void;
}

export function createEndingQueue(): EndingQueue {
  let waiting: (() => void)[] = [];
  let isRunning = false;

  function runSome(): void {
    const now = waiting.slice(0, ENDS_PER_TURN);
    waiting = waiting.slice(ENDS_PER_TURN);
    isRunning = waiting.length > 0;
    if (isRunning) setImmediate(runSome);
    for (const end of now) end();
  }

  return {
    add(end) {
      waiting.push(end);
      if (isRunning) return;
      isRunning = true;
      setImmediate(runSome);
    },
  };
}
