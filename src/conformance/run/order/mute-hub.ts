// A hub that delivers nothing to anybody, or answers no broadcast at all, fails every check that broadcasts, after a wait. When
// several have shown it, those that would have the hub to themselves do not run. Pure.
import { isNeverJoined } from '../../lab/route/never-joined.ts';
import { isNeverAnswered } from '../../lab/route/unanswered/unanswered.ts';
import type { CheckResult } from '../../result.ts';

/** One may have met a client that was forgotten; so many have not. */
const SHOWN_BY_CHECKS = 3;

interface Muteness {
  /** The first check that showed it. */
  readonly checkId: string;
  readonly problem: string;
}

const PROBLEMS = [
  { isShownBy: isNeverJoined, problem: 'no client receives anything' },
  { isShownBy: isNeverAnswered, problem: 'the broadcast route answers nothing' },
];

/** Whether this check failed for nothing but that. */
export const showsMuteness = (result: CheckResult): boolean =>
  PROBLEMS.some(({ isShownBy }) => isShownBy(result));

/** Undefined before enough checks have shown it. */
export function findMuteness(results: Iterable<CheckResult>): Muteness | undefined {
  const all = [...results];
  for (const { isShownBy, problem } of PROBLEMS) {
    const [first, ...others] = all.filter(isShownBy);
    if (first !== undefined && 1 + others.length >= SHOWN_BY_CHECKS) return { checkId: first.id, problem };
  }
  return undefined;
}
