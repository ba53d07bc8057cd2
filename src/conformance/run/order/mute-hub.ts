// A hub that delivers nothing to anybody, or answers no broadcast at all, fails every check that broadcasts, after a wait. When
// several have shown it, those that would have the hub to themselves do not run. Pure.
import type { Muteness } from '../../finding.ts';
import type { CheckResult } from '../../result.ts';

/** One may have met a client that was forgotten; so many have not. */
const SHOWN_BY_CHECKS = 3;

interface ShownMuteness {
  /** The first check that showed it. */
  readonly checkId: string;
  readonly problem: string;
}

const PROBLEMS: readonly (readonly [Muteness, problem: string])[] = [
  ['delivers-nothing', 'no client receives anything'],
  ['answers-nothing', 'the broadcast route answers nothing'],
];

/** Whether this check failed for nothing but that. */
export const showsMuteness = ({ verdict, muteness }: CheckResult): boolean =>
  verdict === 'fail' && muteness !== undefined;

/** Undefined before enough checks have shown it. */
export function findMuteness(results: Iterable<CheckResult>): ShownMuteness | undefined {
  const shown = [...results].filter(showsMuteness);
  for (const [kind, problem] of PROBLEMS) {
    const [first, ...others] = shown.filter(({ muteness }) => muteness === kind);
    if (first !== undefined && 1 + others.length >= SHOWN_BY_CHECKS) return { checkId: first.id, problem };
  }
  return undefined;
}
