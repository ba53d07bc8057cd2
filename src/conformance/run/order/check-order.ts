// Which checks run before others, and which need not run at all: a check that names another in `blockedBy` waits for it,
// and is skipped when that one failed. Pure.
import { CHAPTERS, type Check, LEVELS } from '../../check.ts';
import { skip } from '../../finding.ts';
import { type CheckResult, judge } from '../../result.ts';

/** Checks that run one by one, and those that listen meanwhile. */
export interface AloneGroup {
  readonly alone: readonly Check[];
  readonly beside: readonly Check[];
}

/**
 * Musts first, so that a run that ends for lack of time has judged them; then chapter by chapter, each check after the
 * checks of `blockedBy` that run too, whatever their level and chapter. `isSlow`: there may be no time for all, so the
 * first check of each chapter comes before the second of any. `early` come before all, whatever they name.
 */
export function planAlone(
  checks: readonly Check[],
  isSlow = false,
  early: readonly Check[] = [],
): readonly AloneGroup[] {
  const planned = new Set(early.map(({ id }) => id));
  const withBlockers = (check: Check): Check[] => {
    if (planned.has(check.id) || check.isolation !== 'alone') return [];
    planned.add(check.id);
    return [...blockersOf(check, checks).flatMap(withBlockers), check];
  };
  const others = LEVELS.flatMap((level) => {
    const groups = CHAPTERS.map((chapter) =>
      checks.filter((check) => check.level === level && check.chapter === chapter),
    );
    return (isSlow ? [breadthFirst(groups)] : groups).map((group) => ({
      alone: group.flatMap(withBlockers),
      beside: group.filter(({ isolation }) => isolation === 'beside'),
    }));
  });
  return early.length === 0 ? others : [{ alone: early, beside: [] }, ...others];
}

/** The first of each group, then the second of each, and so on. */
function breadthFirst(groups: readonly (readonly Check[])[]): readonly Check[] {
  const alone = groups.map((group) => group.filter(({ isolation }) => isolation !== 'shared'));
  const most = Math.max(...alone.map(({ length }) => length));
  return Array.from({ length: most }, (_, at) => alone.flatMap((group) => group.slice(at, at + 1))).flat();
}

export function blockersOf({ blockedBy = [] }: Check, checks: readonly Check[]): readonly Check[] {
  return checks.filter(({ id }) => blockedBy.includes(id));
}

type Found = Pick<CheckResult, 'verdict' | 'blockedBy'>;

/** The failed check that this one need not run for: named by itself, or by a check that it names. */
export function findBlocker(
  { blockedBy = [] }: Pick<Check, 'blockedBy'>,
  results: ReadonlyMap<string, Found>,
): string | undefined {
  for (const id of blockedBy) {
    const result = results.get(id);
    if (result?.verdict === 'fail') return id;
    if (result?.blockedBy !== undefined) return result.blockedBy;
  }
  return undefined;
}

/** The result of a check that did not run, since `blocker` failed. */
export function blocked(check: Check, blocker: string, why?: string): CheckResult {
  const reason = `blocked by ${blocker}${why === undefined ? '' : `: ${why}`}`;
  return { ...judge(check, skip(reason), { durationMillis: 0, wire: [] }), blockedBy: blocker };
}
