// Does much of the same a few at a time. What a thousand clients need in the same millisecond (the first event after
// they came, what waited while their buffers were full, the end of those that were evicted) would in one turn of the
// event loop hold up every other client for tens of milliseconds.

export interface StepQueue {
  /** `step` is called soon, in the order of these calls. */
  add(step: () => void): void;
  isEmpty(): boolean;
}

/** `stepsPerTurn` are taken in one turn of the event loop: some hundred microseconds of work. */
export function createStepQueue(stepsPerTurn: number): StepQueue {
  let waiting: (() => void)[] = [];
  let isRunning = false;

  function runSome(): void {
    const now = waiting.slice(0, stepsPerTurn);
    waiting = waiting.slice(stepsPerTurn);
    isRunning = waiting.length > 0;
    if (isRunning) setImmediate(runSome);
    for (const step of now) step();
  }

  return {
    add(step) {
      waiting.push(step);
      if (isRunning) return;
      isRunning = true;
      setImmediate(runSome);
    },
    isEmpty: () => waiting.length === 0,
  };
}
