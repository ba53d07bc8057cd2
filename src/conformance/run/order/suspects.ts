// What did not pass beside other checks is run again alone: which results these are, in which order, and what the second
// run makes of the first. Pure.
import type { Check } from '../../check.ts';
import { type CheckResult, FAILED_ONCE, SAME_AGE } from '../../result.ts';

/** The hub may have died before or under this check: a check whose control client is not served is skipped. */
export const isSuspect = (result: CheckResult): boolean =>
  (isBroken(result) && !result.evidence.includes(SAME_AGE)) ||
  (result.verdict === 'skip' &&
    result.outOfTime === undefined &&
    (hasRun(result) || result.blockedBy !== undefined));

/** A check that was skipped at once has not touched the hub. */
export const hasRun = ({ verdict, durationMs }: CheckResult): boolean => verdict !== 'skip' || durationMs > 0;

export const isBroken = ({ verdict }: CheckResult): boolean => verdict === 'fail' || verdict === 'error';

/**
 * A failure that does not repeat is a warning: nobody can say whether the hub or another check was the cause. One for
 * whose second run there was no time counts as it is.
 */
export function withEarlier(result: CheckResult, earlier: CheckResult): CheckResult {
  if (result.outOfTime === true) return earlier;
  if (result.verdict !== 'pass' || earlier.verdict !== 'fail') return result;
  const evidence = [...earlier.evidence, FAILED_ONCE];
  return { ...earlier, verdict: 'warn', evidence };
}

/** Checks after those that may block them, quick ones first otherwise: more of them are confirmed in time. */
export function inOrder(results: readonly CheckResult[], group: readonly Check[]): readonly CheckResult[] {
  const sorted = [...results].sort((one, other) => one.durationMs - other.durationMs);
  const blockersFirst = new Set<CheckResult>();
  const add = (result: CheckResult): void => {
    const names = group.find(({ id }) => id === result.id)?.blockedBy ?? [];
    for (const other of sorted) if (names.includes(other.id)) add(other);
    blockersFirst.add(result);
  };
  for (const result of sorted) add(result);
  return [...blockersFirst];
}
