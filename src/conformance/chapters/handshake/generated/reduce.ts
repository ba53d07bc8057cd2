// From handshakes that failed among many to findings: what fails alone, too, is reduced to the unusual values that it needs.

import type { Factor } from '../../../explore/factors/factor.ts';
import { ORIGIN_FACTOR } from '../../../explore/factors/origins.ts';
import { factorValue, type Program, unusualFactors, withValue } from '../../../explore/program/program.ts';
import { contains } from '../../../explore/search/finding.ts';
import { shrinkPrograms } from '../../../explore/search/shrink.ts';
import type { Problem, Tried } from './try-handshakes.ts';

export interface Reduced {
  readonly program: Program;
  readonly problem: Problem;
  /** It fails only among the others of its batch. */
  readonly isAmongOthers?: boolean;
}

export interface ReduceParts {
  /** One handshake alone, as a client and another one like it; `isThorough`: with all the time that a hub may take. */
  readonly attempt: (program: Program, isThorough: boolean) => Promise<Problem | undefined>;
  /** Its whole batch once more. */
  readonly attemptAmongOthers: (program: Program) => Promise<Problem | undefined>;
  readonly isOver: () => boolean;
}

/** More bugs than this are found in the next run. */
const MOST_FINDINGS = 3;

/** The findings, and what did not happen again. */
export async function reduceFailures(
  failures: readonly Tried[],
  parts: ReduceParts,
): Promise<{ readonly findings: readonly Reduced[]; readonly unconfirmed: readonly Tried[] }> {
  const findings: Reduced[] = [];
  const unconfirmed: Tried[] = [];
  const plainestFirst = failures.toSorted((one, other) => rankOf(one) - rankOf(other));
  for (const failure of plainestFirst) {
    const { program, problem } = failure;
    const isKnown =
      problem !== undefined && findings.some((known) => accountsFor(known, { program, problem }));
    if (problem === undefined || isKnown || findings.length >= MOST_FINDINGS || parts.isOver()) continue;
    const again = await parts.attempt(program, true);
    if (again === undefined) {
      unconfirmed.push(failure);
      continue;
    }
    const found = await reduce({ program, problem: again }, parts);
    const same = findings.findIndex((known) => isSameBug(known, found));
    if (same < 0) findings.push(found);
    else if (needsOf(found).length < needsOf(findings[same] as Reduced).length) findings[same] = found;
  }
  const [first] = unconfirmed;
  if (first === undefined || findings.length > 0 || parts.isOver()) return { findings, unconfirmed };
  const problem = await parts.attemptAmongOthers(first.program);
  if (problem === undefined) return { findings, unconfirmed };
  return { findings: [{ program: first.program, problem, isAmongOthers: true }], unconfirmed };
}

/** Warnings come last: a failure may hide in what only one of its factors makes a warning. */
const rankOf = ({ program, problem }: Tried): number =>
  unusualFactors(program).length + (problem?.isWarning === true ? 1_000 : 0);

/** Another value of the same factors is most likely the same bug. */
function accountsFor(known: Reduced, { program, problem }: Reduced): boolean {
  if (known.problem.kind !== problem.kind || (known.problem.isWarning && !problem.isWarning)) return false;
  return contains(program, { programs: [known.program] }, true);
}

/** Any foreign origin shows that one is accepted: what else it needs names the bug. */
const needsOf = ({ program }: Reduced): readonly Factor[] =>
  unusualFactors(program).filter((factor) => factor !== ORIGIN_FACTOR);

function isSameBug(one: Reduced, other: Reduced): boolean {
  if (one.problem.kind !== other.problem.kind || one.problem.isWarning !== other.problem.isWarning)
    return false;
  const needed = needsOf(other);
  return needsOf(one).some((factor) => needed.includes(factor));
}

async function reduce(found: Reduced, { attempt, isOver }: ReduceParts): Promise<Reduced> {
  const trail = await shrinkPrograms([found.program], {
    async fails(programs) {
      const [program] = programs;
      if (program === undefined) return undefined;
      return (await attempt(program, false))?.kind === found.problem.kind ? programs : undefined;
    },
    isOver,
    shortcuts: plainerOrigins(found.program),
  });
  // The steps were impatient.
  for (const [program] of trail.toReversed()) {
    if (program === undefined || program === found.program) continue;
    const problem = await attempt(program, true);
    if (problem?.kind === found.problem.kind) return { program, problem };
    if (isOver()) break;
  }
  return found;
}

/** Of all origins that a hub must refuse, one that looks like nothing else. */
function plainerOrigins(program: Program): readonly (readonly Program[])[] {
  const origin = factorValue(program, ORIGIN_FACTOR);
  return origin === ORIGIN_FACTOR.plain || origin === 'unknown'
    ? []
    : [[withValue(program, ORIGIN_FACTOR, 'unknown')]];
}
