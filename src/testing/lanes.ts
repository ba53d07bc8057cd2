// At most so many at a time: tests that mostly wait run side by side, but not all at once, so that what they time still
// has enough of the machine.

/** Resolves when one of `count` lanes is free, in the order asked; call what it gives when done. */
export function createLanes(count: number): () => Promise<() => void> {
  let free = count;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    free += 1;
    waiting.shift()?.();
  };
  return async () => {
    if (free === 0) await new Promise<void>((resume) => waiting.push(resume));
    free -= 1;
    return leave;
  };
}
