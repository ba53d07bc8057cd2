// From a failure that was shown again to the plainest programs that show it reliably. What is reduced with one try for each
// step may end as something that fails only now and then: so the end is measured, an earlier step is taken where that is more
// reliable, and what depends on luck runs in rounds. Pure but for what it is given.
import type { Violation } from '../oracle/violation.ts';
import { type Program, unusualFactors } from '../program/program.ts';
import type { Candidate, Shown } from './reproduce.ts';

type Programs = readonly Program[];

export interface SettleParts {
  /** What was shown again, before it is reduced. */
  readonly start: Candidate;
  /** Every step from `programs` to the plainest that `fails` accepted. */
  readonly shrink: (
    programs: Programs,
    fails: (programs: Programs) => Promise<Programs | undefined>,
  ) => Promise<readonly Programs[]>;
  /** One try. */
  readonly show: (candidate: Candidate) => Promise<Shown | undefined>;
  readonly isOver: () => boolean;
}

export interface Settled extends Candidate {
  readonly shown: number;
  readonly tries: number;
  /** As it was shown last; undefined when it was not. */
  readonly violation: Violation | undefined;
}

/** It is reliable when it was shown so often... */
const ENOUGH_SHOWN = 4;
/** ...before it was missed so often: a replay tries six times. */
const MOST_MISSED = 3;
/** Of a step of the second reduction. */
const TRIES_OF_A_STEP = 3;
/** More conditions are rare, and so is a past. */
const FEW_FACTORS = 3;
/** What was reduced is plainer: it is taken for what it is unless it fails much less often. */
const MUCH_MORE = 2;
export const MORE_ROUNDS = 4;
export const MOST_ROUNDS = 64;

export async function settle(parts: SettleParts): Promise<Settled> {
  const { start, shrink, show } = parts;
  const { rounds } = start;
  const trail = await shrink(
    start.programs,
    async (programs) => (await show({ programs, rounds }))?.programs,
  );
  const last = await measure(parts, { programs: trail.at(-1) ?? start.programs, rounds });
  if (isReliable(last)) return isPlain(last) ? last : reducedFurther(parts, last);
  const isAlone = trail.length < 2 || parts.isOver();
  const first = isAlone ? last : await measure(parts, start);
  if (isReliable(first)) return reducedReliably(parts, await plainestReliable(parts, trail, first));
  const lucky = await withMoreRounds(parts, rateOf(first) > MUCH_MORE * rateOf(last) ? first : last);
  return isReliable(lucky) ? reducedFurther(parts, lucky) : lucky;
}

/** So that a replay, which tries several times, all but always shows it. */
export function isReliable({ shown, tries }: Pick<Settled, 'shown' | 'tries'>): boolean {
  return shown > 0 && (shown === tries || (tries - shown < MOST_MISSED && shown >= ENOUGH_SHOWN));
}

async function measure({ show, isOver }: SettleParts, { programs, rounds }: Candidate): Promise<Settled> {
  let [shown, tries]: [number, number] = [0, 0];
  let violation: Violation | undefined;
  while (shown < ENOUGH_SHOWN && tries - shown < MOST_MISSED) {
    if (tries > 0 && isOver()) break;
    const seen = await show({ programs, rounds });
    // A try that ran out of time says nothing.
    if (seen === undefined && tries > 0 && isOver()) break;
    tries++;
    if (seen !== undefined) shown++;
    violation = seen?.violation ?? violation;
  }
  return { programs, rounds, shown, tries, violation };
}

/** Of a race some factors were kept only because one try without them did not fail: now each step has several. */
async function reducedFurther(parts: SettleParts, reliable: Settled): Promise<Settled> {
  if (parts.isOver()) return reliable;
  const fails = (programs: Programs) => failsSometimes(parts, { ...reliable, programs });
  const trail = await parts.shrink(reliable.programs, fails);
  if (trail.length < 2) return reliable;
  const last = await measure(parts, { ...reliable, programs: trail.at(-1) as Programs });
  if (isReliable(last)) return last;
  if (reliable.rounds === parts.start.rounds) return plainestReliable(parts, trail, reliable);
  const lucky = await withMoreRounds(parts, last);
  return isReliable(lucky) ? lucky : reliable;
}

/** What becomes unreliable when it is reduced: each step must fail several times in a row. */
async function reducedReliably(parts: SettleParts, reliable: Settled): Promise<Settled> {
  const fails = (programs: Programs) => failsInARow(parts, { ...reliable, programs });
  const trail = await parts.shrink(reliable.programs, fails);
  if (trail.length < 2 || parts.isOver()) return reliable;
  const last = await measure(parts, { ...reliable, programs: trail.at(-1) as Programs });
  return isReliable(last) ? last : reliable;
}

function isPlain({ programs }: Settled): boolean {
  const factors = programs.flatMap((program) => unusualFactors(program));
  return programs.length === 1 && factors.length <= FEW_FACTORS;
}

/** Between the first step, which is reliable, and the last, which is not, by halves: steps become less reliable, if anything. */
async function plainestReliable(
  parts: SettleParts,
  trail: readonly Programs[],
  first: Settled,
): Promise<Settled> {
  let best = first;
  for (let [from, to] = [0, trail.length - 1]; to - from > 1 && !parts.isOver(); ) {
    const middle = (from + to) >> 1;
    const measured = await measure(parts, { ...first, programs: trail[middle] as Programs });
    if (isReliable(measured)) [best, from] = [measured, middle];
    else to = middle;
  }
  return best;
}

/** It depends on luck from the start: ever more rounds. */
async function withMoreRounds(parts: SettleParts, flaky: Settled): Promise<Settled> {
  let best = flaky;
  for (let rounds = flaky.rounds * MORE_ROUNDS; rounds <= MOST_ROUNDS; rounds *= MORE_ROUNDS) {
    if (isReliable(best) || parts.isOver()) break;
    const measured = await measure(parts, { programs: flaky.programs, rounds });
    if (rateOf(measured) >= rateOf(best)) best = measured;
  }
  return best;
}

const rateOf = ({ shown, tries }: Settled): number => shown / tries;

async function failsSometimes({ show }: SettleParts, candidate: Candidate): Promise<Programs | undefined> {
  for (let tries = 0; tries < TRIES_OF_A_STEP; tries++) {
    const shown = await show(candidate);
    if (shown !== undefined) return shown.programs;
  }
  return undefined;
}

/** As many of the programs as the longest of the tries needed. */
async function failsInARow({ show }: SettleParts, candidate: Candidate): Promise<Programs | undefined> {
  let needed = 0;
  for (let tries = 0; tries < TRIES_OF_A_STEP; tries++) {
    const shown = await show(candidate);
    if (shown === undefined) return undefined;
    needed = Math.max(needed, shown.programs.length);
  }
  return candidate.programs.slice(0, needed);
}
