// Limits how many tests run at the same time: tests that mostly wait run side by side, but not so many that timed ones
// lack CPU time.

/** Runs each work when one of `count` lanes is free, in the order of the calls. */
export function createLanes(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  // A lane with a waiter is handed over directly and is never free in between.
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resume) => waiting.push(resume));
    return work().finally(leave);
  };
}
