// A hub that delivers nothing to anybody fails every check that broadcasts, after a wait. When several have shown it, those
// that would have the hub to themselves do not run. Pure.
import { isNeverJoined } from '../../lab/route/never-joined.ts';
import type { CheckResult } from '../../result.ts';

/** One may have met a client that was forgotten; so many have not. */
const SHOWN_BY_CHECKS = 3;

/** The first check that showed it, when enough have. */
export function findMuteness(results: Iterable<CheckResult>): string | undefined {
  const shown = [...results].filter(isNeverJoined);
  return shown.length >= SHOWN_BY_CHECKS ? shown[0]?.id : undefined;
}
