// At most so many at a time: tests that mostly wait run side by side, but not all at once, so that what they time still
// has enough of the machine.

/** Does each work when one of `count` lanes is free, in the order asked. */
export function createLanes(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  // A lane that somebody waits for is handed on, never free in between.
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
