// What the search found, one entry for each bug as far as bugs can be distinguished: by what the hub did wrong, and
// by the factors without which it did not.
import { HANDSHAKE_FACTORS } from '../factors/all-factors.ts';
import { AFTERWARDS_FACTOR } from '../factors/clients.ts';
import type { Factor } from '../factors/factor.ts';
import type { Violation, ViolationKind } from '../oracle/violation.ts';
import { VIOLATION_TITLES } from '../oracle/violation.ts';
import {
  describeProgram,
  factorValue,
  PLAIN_PROGRAM,
  type Program,
  type Replayed,
  unusualFactors,
} from '../program/program.ts';

export interface Finding {
  readonly kind: ViolationKind;
  /** In the order in which they run on one hub; the last one fails. */
  readonly programs: readonly Program[];
  /** They run so often on one hub, or until it fails. */
  readonly rounds: number;
  readonly violation: Violation;
  /** fresh: on a hub that was just started; living: on the running one; again: seen more than once, but not at will. */
  readonly reproduced: 'fresh' | 'living' | 'again';
  /** Factors of the last program of which values further from the plain one have failed, too: its numbers are limits. */
  readonly limits?: readonly string[];
  /** In its final form it was tried so often... */
  readonly tries: number;
  /** ...and failed so often. */
  readonly shown: number;
  /** Programs that showed it. */
  seen: number;
  /** Other rules that were broken with it, as `kind: what`. */
  readonly also: string[];
}

export function oneOfEachKind(violations: readonly Violation[]): readonly Violation[] {
  return violations.filter(({ kind }, at) => violations.findIndex((other) => other.kind === kind) === at);
}

/** As a report lists what was broken with the finding. */
export function alsoBroken(violations: readonly Violation[], kind: Violation['kind']): string[] {
  return oneOfEachKind(violations)
    .filter((violation) => violation.kind !== kind)
    .map(({ kind: other, who, got }) => `${other}: ${who}: ${got}`);
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

/** What its file replays. */
export const replayOf = ({ kind, programs, rounds }: Finding): Replayed => ({
  programs,
  shows: kind,
  repeat: rounds,
});

/** More are a sign that there was no time to reduce it. */
const SHOWN_PHRASES = 4;

/** `events are missing: only with at least 513 clients and a cookie, after refused handshakes`. */
export function titleOf({
  kind,
  programs,
  rounds,
  limits,
}: Pick<Finding, 'kind' | 'programs' | 'rounds' | 'limits'>): string {
  const phrases = describeProgram(programs.at(-1) ?? PLAIN_PROGRAM, limits);
  const rest = phrases.length - SHOWN_PHRASES;
  const shown = rest > 1 ? [...phrases.slice(0, SHOWN_PHRASES), `${rest} more conditions`] : phrases;
  const only = phrases.length === 0 ? '' : `: only with ${joinWords(shown)}`;
  const again = rounds === 1 ? '' : `, repeated up to ${rounds} times`;
  return `${VIOLATION_TITLES[kind]}${only}${afterOthers(programs.slice(0, -1))}${again}`;
}

/** The numbers of a program that are limits: `failed` holds others that failed in the same way. */
export function limitsOf(program: Program, failed: readonly Program[]): readonly string[] {
  const isFurther = (factor: Factor, other: Program): boolean => {
    const [value, its] = [Number(factorValue(program, factor)), Number(factorValue(other, factor))];
    return value > Number(factor.plain) ? its > value : its < value;
  };
  return unusualFactors(program)
    .filter((factor) => typeof factor.plain === 'number' && failed.some((other) => isFurther(factor, other)))
    .map(({ name }) => name);
}

/** What runs before it, one program after the other. */
function afterOthers(earlier: readonly Program[]): string {
  const unusual = [...new Set(earlier.map((program) => joinWords(describeProgram(program))))].filter(
    (words) => words !== '',
  );
  const phrases = earlier.flatMap((program) => describeProgram(program));
  if (unusual.length === 0 || phrases.length > SHOWN_PHRASES)
    return earlier.length === 0
      ? ''
      : `, after ${earlier.length} other ${earlier.length === 1 ? 'program' : 'programs'}`;
  return `, after ${unusual.join(', then ')}`;
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/**
 * Everything that the finding needs is in the program: it would only show it again. With `isLoose` another value of the
 * same factor will do.
 */
export function contains(
  program: Program,
  { programs }: Pick<Finding, 'programs'>,
  isLoose = false,
): boolean {
  const last = programs.at(-1);
  if (last === undefined) return false;
  return unusualFactors(last).every((factor) => {
    const [wanted, has] = [factorValue(last, factor), factorValue(program, factor)];
    if (isLoose) return has !== factor.plain;
    if (typeof wanted === 'number' && typeof has === 'number')
      return wanted > Number(factor.plain) ? has >= wanted : has <= wanted;
    return has === wanted;
  });
}

/** Whether a known finding accounts for what was seen. A rule that is always broken accounts only for itself. */
export function explains(finding: Finding, program: Program, kinds: readonly ViolationKind[]): boolean {
  if (kinds.includes(finding.kind) && contains(program, finding, true)) return true;
  return contains(program, finding) && isConditional(finding);
}

/** It needs something unusual. */
const isConditional = ({ programs }: Finding): boolean => factorNames(programs).length > 0;

/**
 * Violations that no known finding accounts for: a second bug may show in the same program. Beside what is always broken
 * only what has been broken with it is accounted for.
 */
export function unexplained(
  findings: readonly Finding[],
  program: Program,
  violations: readonly Violation[],
): readonly Violation[] {
  const kinds = violations.map(({ kind }) => kind);
  const known = findings.filter((finding) => explains(finding, program, kinds));
  if (known.some(isConditional)) return [];
  return violations.filter(({ kind }) =>
    known.every(
      (finding) => finding.kind !== kind && !finding.also.some((one) => one.startsWith(`${kind}:`)),
    ),
  );
}

/** Another value of the same factors does it, and clients of earlier programs who stayed bring along their handshakes. */
export function isSeenAgain(finding: Finding, kind: ViolationKind, history: readonly Program[]): boolean {
  const last = history.at(-1);
  if (last === undefined || finding.kind !== kind) return false;
  const stayed = history
    .slice(0, -1)
    .filter((program) => factorValue(program, AFTERWARDS_FACTOR) !== AFTERWARDS_FACTOR.plain);
  const handshakes = stayed.flatMap(({ factors }) =>
    Object.entries(factors).filter(([name]) => HANDSHAKE_FACTORS.some((factor) => factor.name === name)),
  );
  const factors = { ...Object.fromEntries(handshakes), ...last.factors };
  return isConditional(finding) && contains({ ...last, factors }, finding, true);
}

/** Of one kind, with a factor in common or none at all: most likely several ways to provoke one bug. */
export function isSameBug(one: Finding, other: Finding): boolean {
  if (one.kind !== other.kind) return false;
  const [names, others] = [factorNames(one.programs), factorNames(other.programs)];
  return names.length === 0 || others.length === 0 || names.some((name) => others.includes(name));
}

/** The one that needs less names the bug. */
export function isPlainer(one: Finding, other: Finding): boolean {
  const need = ({ programs, rounds }: Finding): number =>
    (programs.length + rounds) * 100 + factorNames(programs).length;
  return need(one) < need(other);
}
