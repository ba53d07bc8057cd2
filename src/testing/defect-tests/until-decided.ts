// Repeats an attempt that gave no verdict because the runner lacked CPU time, as on a machine that other tests share.

const MOST_ATTEMPTS = 3;

/** Resolves with the outcome of `attempt`, which runs again while the outcome `isUndecided`, at most three times. */
export async function untilDecided<T>(
  attempt: () => Promise<T>,
  isUndecided: (outcome: T) => boolean,
): Promise<T> {
  let outcome = await attempt();
  for (let made = 1; made < MOST_ATTEMPTS && isUndecided(outcome); made += 1) outcome = await attempt();
  return outcome;
}
