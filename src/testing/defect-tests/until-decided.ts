// Repeats an attempt that gave no verdict because the runner lacked CPU time, as on a machine that other tests share.
import type { Check } from '../../conformance/check.ts';
import { type CheckResult, FAILED_ONCE } from '../../conformance/result.ts';

const MOST_ATTEMPTS = 3;

/** Resolves with the outcome of `attempt`, which runs again while the outcome `isUndecided`, at most `most` times. */
export async function untilDecided<T>(
  attempt: () => Promise<T>,
  isUndecided: (outcome: T) => boolean,
  most = MOST_ATTEMPTS,
): Promise<T> {
  let outcome = await attempt();
  for (let made = 1; made < most && isUndecided(outcome); made += 1) outcome = await attempt();
  return outcome;
}

/** Judges `checks`, and again those that got no verdict, with those that were skipped for them; at most `most` times. */
export async function untilAllDecided(
  checks: readonly Check[],
  judge: (checks: readonly Check[]) => Promise<readonly CheckResult[]>,
): Promise<readonly CheckResult[]> {
  const results = new Map<string, CheckResult>();
  let open = checks;
  for (let made = 0; made < MOST_ATTEMPTS && open.length > 0; made += 1) {
    for (const result of await judge(open)) results.set(result.id, result);
    const unjudged = new Set([...results.values()].filter(isWithoutVerdict).map(({ id }) => id));
    open = checks.filter(({ id }) => {
      const blocker = results.get(id)?.blockedBy;
      return unjudged.has(id) || (blocker !== undefined && unjudged.has(blocker));
    });
  }
  return checks.flatMap(({ id }) => results.get(id) ?? []);
}

/** An error, or a failure beside other checks that did not repeat alone: the machine may be the cause of either. */
const isWithoutVerdict = ({ verdict, evidence }: CheckResult): boolean =>
  verdict === 'error' || evidence.includes(FAILED_ONCE);
