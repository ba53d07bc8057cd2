// What the search found, one entry for each bug as far as bugs can be distinguished: by what the hub did wrong, and
// by the factors without which it did not.
import type { Violation, ViolationKind } from '../oracle/violation.ts';
import { VIOLATION_TITLES } from '../oracle/violation.ts';
import { describeProgram, factorValue, type Program, unusualFactors } from '../program/program.ts';

export interface Finding {
  readonly kind: ViolationKind;
  /** In the order in which they run on one hub; the last one fails. */
  readonly programs: readonly Program[];
  readonly violation: Violation;
  /** fresh: on a hub that was just started; living: on the running one; again: seen more than once, but not at will. */
  readonly reproduced: 'fresh' | 'living' | 'again';
  /** Programs that showed it. */
  seen: number;
  /** Other rules that were broken with it, as `kind: what`. */
  readonly also: string[];
}

/** Stable for a bug: the kind, and the factors that must not be plain. */
export function idOf({ kind, programs }: Pick<Finding, 'kind' | 'programs'>): string {
  const names = factorNames(programs);
  return names.length === 0 ? kind : `${kind}.${names.join('+')}`;
}

function factorNames(programs: readonly Program[]): readonly string[] {
  const names = programs.flatMap((program) => unusualFactors(program).map(({ name }) => name));
  return [...new Set(names)].sort();
}

/** `events are missing: only with 513 clients and a cookie`. */
export function titleOf({ kind, programs }: Pick<Finding, 'kind' | 'programs'>): string {
  const last = programs.at(-1);
  const phrases = last === undefined ? [] : describeProgram(last);
  const earlier = programs.slice(0, -1).flatMap((program) => describeProgram(program));
  const after =
    earlier.length === 0 ? afterPlain(programs.length - 1) : `, after ${[...new Set(earlier)].join(', ')}`;
  const only = phrases.length === 0 ? '' : `: only with ${joinWords(phrases)}`;
  return `${VIOLATION_TITLES[kind]}${only}${after}`;
}

const afterPlain = (programs: number): string =>
  programs === 0 ? '' : `, after ${programs} other ${programs === 1 ? 'program' : 'programs'}`;

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Everything that the finding needs is in the program: it would only show it again. */
export function contains(program: Program, { programs }: Pick<Finding, 'programs'>): boolean {
  const last = programs.at(-1);
  if (last === undefined) return false;
  return unusualFactors(last).every((factor) => {
    const [wanted, has] = [factorValue(last, factor), factorValue(program, factor)];
    if (typeof wanted === 'number' && typeof has === 'number')
      return wanted > Number(factor.plain) ? has >= wanted : has <= wanted;
    return has !== factor.plain;
  });
}

/** Whether a known finding accounts for what was seen. A rule that is always broken accounts only for itself. */
export function explains(finding: Finding, program: Program, kinds: readonly ViolationKind[]): boolean {
  if (!contains(program, finding)) return false;
  return kinds.includes(finding.kind) || factorNames(finding.programs).length > 0;
}

/** The one that needs less accounts for both. */
export function isSameBug(one: Finding, other: Finding): boolean {
  if (one.kind !== other.kind) return false;
  const [few, many] = [factorNames(one.programs), factorNames(other.programs)].sort(
    (a, b) => a.length - b.length,
  );
  return (few ?? []).every((name) => many?.includes(name));
}
