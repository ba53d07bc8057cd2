// From a failure that was shown again to the plainest programs that show it reliably. What is reduced with one try for each
// step may end as something that fails only now and then: so the end is measured, an earlier step is taken where that is more
// reliable, and what depends on luck runs in rounds. Pure but for what it is given.
import type { Violation } from '../oracle/violation.ts';
import type { Program } from '../program/program.ts';
import type { Candidate } from './reproduce.ts';

type Programs = readonly Program[];

export interface SettleParts {
  /** What was shown again, before it is reduced. */
  readonly start: Candidate;
  /** Every step from `programs` to the plainest that `fails` accepted. */
  readonly shrink: (
    programs: Programs,
    fails: (programs: Programs) => Promise<boolean>,
  ) => Promise<readonly Programs[]>;
  /** One try. */
  readonly show: (candidate: Candidate) => Promise<Violation | undefined>;
  readonly isOver: () => boolean;
}

export interface Settled extends Candidate {
  readonly shown: number;
  readonly tries: number;
  /** As it was shown last; undefined when it was not. */
  readonly violation: Violation | undefined;
}

/** All of so many tries... */
const CERTAIN_TRIES = 4;
/** ...or all but one of so many. */
const MOST_TRIES = 6;
const MOST_MISSED = 2;
/** A step of the second reduction must fail so often in a row. */
const TRIES_OF_A_STEP = 3;
/** What was reduced is plainer: it is taken for what it is unless it fails much less often. */
const MUCH_MORE = 2;
const MORE_ROUNDS = 4;
const MOST_ROUNDS = 64;

export async function settle(parts: SettleParts): Promise<Settled> {
  const { start, shrink, show } = parts;
  const { rounds } = start;
  const trail = await shrink(
    start.programs,
    async (programs) => (await show({ programs, rounds })) !== undefined,
  );
  const last = await measure(parts, { programs: trail.at(-1) ?? start.programs, rounds });
  if (isReliable(last)) return last;
  const isAlone = trail.length < 2 || parts.isOver();
  const first = isAlone ? last : await measure(parts, start);
  const settled = isReliable(first)
    ? await plainestReliable(parts, trail, first)
    : await withMoreRounds(parts, rateOf(first) > MUCH_MORE * rateOf(last) ? first : last);
  if (!isReliable(settled)) return settled;
  const steps = await shrink(settled.programs, (programs) => failsInARow(parts, { ...settled, programs }));
  if (steps.length < 2 || parts.isOver()) return settled;
  const plainer = await measure(parts, { ...settled, programs: steps.at(-1) ?? settled.programs });
  return isReliable(plainer) ? plainer : settled;
}

/** So that a replay, which tries several times, all but always shows it. */
export function isReliable({ shown, tries }: Pick<Settled, 'shown' | 'tries'>): boolean {
  return shown > 0 && (shown === tries || (tries - shown === 1 && shown >= CERTAIN_TRIES));
}

async function measure({ show, isOver }: SettleParts, { programs, rounds }: Candidate): Promise<Settled> {
  let [shown, tries]: [number, number] = [0, 0];
  let violation: Violation | undefined;
  while (tries - shown < MOST_MISSED && tries < (shown === tries ? CERTAIN_TRIES : MOST_TRIES)) {
    if (tries > 0 && isOver()) break;
    const seen = await show({ programs, rounds });
    // A try that ran out of time says nothing.
    if (seen === undefined && tries > 0 && isOver()) break;
    tries++;
    if (seen !== undefined) shown++;
    violation = seen ?? violation;
  }
  return { programs, rounds, shown, tries, violation };
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

async function failsInARow({ show }: SettleParts, candidate: Candidate): Promise<boolean> {
  for (let tries = 0; tries < TRIES_OF_A_STEP; tries++)
    if ((await show(candidate)) === undefined) return false;
  return true;
}
