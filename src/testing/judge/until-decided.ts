// On a machine that other tests share, a kit that was held up says so instead of judging: that is no answer yet.

const MOST_ATTEMPTS = 3;

/** What `attempt` resolves with; made again, at most three times in all, while that `isUndecided`. */
export async function untilDecided<T>(
  attempt: () => Promise<T>,
  isUndecided: (outcome: T) => boolean,
): Promise<T> {
  let outcome = await attempt();
  for (let made = 1; made < MOST_ATTEMPTS && isUndecided(outcome); made += 1) outcome = await attempt();
  return outcome;
}
