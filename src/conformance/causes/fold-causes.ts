// What is probably wrong with a hub: a fold of failed checks into causes, each with its decisive check and what follows
// from it. Pure, so that every report begins with the same causes. Verdicts and exit codes keep every check.
import type { CheckResult } from '../result.ts';
import { CAUSES } from './catalogue.ts';
import type { Cause } from './cause.ts';

export interface LikelyCause {
  readonly sentence: string;
  /** Id of the check that shows it. */
  readonly decisive: string;
  /** Ids of failed checks that follow from it, in the order of the results. */
  readonly follows: readonly string[];
}

type Failed = Pick<CheckResult, 'id' | 'verdict' | 'title' | 'got'>;

/** Every failed check is in exactly one cause: as its decisive check, or among those that follow. */
export function foldCauses(checks: readonly Failed[]): readonly LikelyCause[] {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  const open = new Set(failed.map(({ id }) => id));
  const causes: LikelyCause[] = [];
  for (const cause of CAUSES) {
    const shown = cause.shownBy && failed.filter(({ id, got }) => open.has(id) && shows(cause, got));
    const candidates = shown?.map(({ id }) => id) ?? [...open];
    const decisive = cause.decisive.find((id) => candidates.includes(id)) ?? shown?.[0]?.id;
    if (decisive === undefined) continue;
    if (!(cause.together ?? []).every((id) => failed.some((check) => check.id === id))) continue;
    if (!(cause.passed ?? []).every((id) => checks.some((one) => one.id === id && one.verdict === 'pass')))
      continue;
    open.delete(decisive);
    const follows = [...open].filter(
      (id) => cause.follows.test(id) || cause.decisive.includes(id) || (shown && candidates.includes(id)),
    );
    for (const id of follows) open.delete(id);
    causes.push({ sentence: cause.sentence, decisive, follows });
  }
  const others = failed.filter(({ id }) => open.has(id));
  return [
    ...causes,
    ...others.map(({ id, title }) => ({ sentence: `Not true: ${title}`, decisive: id, follows: [] })),
  ];
}

function shows({ shownBy }: Cause, got: string | undefined): boolean {
  return got !== undefined && shownBy?.test(got) === true;
}
