// Which checks a run is about: patterns on ids, and a level. A pattern that names nothing is a mistake of the user,
// never an empty run that looks like success.

import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { suggest } from '../../units/suggest.ts';
import type { Check } from '../check.ts';

/** What `level` may be: how much of the checks is run. */
export const LEVELS = ['must', 'should', 'all'] as const;

export interface Selection {
  /** Ids, with `*` for any characters, or names of chapters; none = all. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  /** must: only those; should: must and should; all: measurements too. */
  readonly level?: (typeof LEVELS)[number] | undefined;
}

export function selectChecks(
  checks: readonly Check[],
  { only = [], skip = [], level = 'all' }: Selection,
): Parsed<readonly Check[]> {
  for (const pattern of [...only, ...skip]) {
    if (!checks.some((check) => matches(check, pattern))) return unparsed(describeMiss(checks, pattern));
  }
  const chosen = checks
    .filter((check) => only.length === 0 || only.some((pattern) => matches(check, pattern)))
    .filter((check) => !skip.some((pattern) => matches(check, pattern)))
    .filter(
      (check) =>
        level === 'all' || check.level === 'must' || (level === 'should' && check.level === 'should'),
    );
  return parsed(chosen);
}

/** The check of that id, or what the user may have meant. */
export function findCheck(checks: readonly Check[], id: string): Parsed<Check> {
  const check = checks.find((each) => each.id === id);
  return check === undefined ? unparsed(describeMiss(checks, id)) : parsed(check);
}

function matches({ id, chapter }: Check, pattern: string): boolean {
  if (pattern === chapter) return true;
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`).test(id);
}

function describeMiss(checks: readonly Check[], pattern: string): string {
  const words = [...checks.map(({ id }) => id), ...checks.map(({ chapter }) => chapter)];
  const nearest = suggest(pattern, words);
  const hint = nearest === undefined ? 'docs/checks.md lists all checks' : `did you mean ${nearest}?`;
  return `no check is called ${JSON.stringify(pattern)}; ${hint}`;
}
