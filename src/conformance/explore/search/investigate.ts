// From a program that failed to a finding: reproduced, shrunk, and reproduced once more in its final form.
import type { Violation } from '../oracle/violation.ts';
import type { Program } from '../program/program.ts';
import { condense } from './condense.ts';
import { alsoBroken, type Finding, limitsOf, oneOfEachKind } from './finding.ts';
import { FULL_WAIT_MILLIS, type HubKeeper, SHORT_WAIT_MILLIS } from './hub-keeper.ts';
import { type Reproduction, ROUNDS_OF_A_RACE, reproduce, showOnce } from './reproduce.ts';
import { isReliable, MORE_ROUNDS, MOST_ROUNDS, type Settled, settle } from './settle.ts';
import { shrinkPrograms } from './shrink.ts';

export interface InvestigateParts {
  readonly keeper: HubKeeper;
  /** What has run on the hub, the failing program last. */
  readonly history: readonly Program[];
  /** Of the failing program, the gravest first. */
  readonly violations: readonly Violation[];
  /** Failures that could not be shown again. */
  readonly unconfirmed: readonly { readonly program: Program; readonly violation: Violation }[];
  readonly isOver: () => boolean;
  readonly shrinkMillis: number;
  readonly elapsedMillis: () => number;
}

export async function investigate(parts: InvestigateParts): Promise<Finding | undefined> {
  const { keeper, history, violations, isOver } = parts;
  const [worst] = violations;
  if (worst === undefined) return undefined;
  try {
    for (const violation of oneOfEachKind(violations)) {
      const reproduction = await reproduce({ keeper, history, violation, isOver });
      if (reproduction === undefined) continue;
      const settled = await settleOn(parts, reproduction);
      // Two coincidences on a busy machine: what rests on a time must come once more.
      if (settled.shown === 0 && violation.isTimed && settled.tries > 1) continue;
      return describe(parts, reproduction, settled);
    }
    return seenBefore(parts);
  } finally {
    keeper.waitMillis = FULL_WAIT_MILLIS;
  }
}

/** Of the time of a reduction: one to reduce, one to measure that or to reduce it again. */
const MOST_SHARES = 2;

type Measured = Settled & Pick<Finding, 'limits'>;

async function settleOn(parts: InvestigateParts, start: Reproduction): Promise<Measured> {
  const { keeper, isOver, elapsedMillis, shrinkMillis } = parts;
  const { kind } = start.violation;
  const lastMillis = elapsedMillis() + MOST_SHARES * shrinkMillis;
  // Every step has its share of the time: a reduction that takes all of it is still measured.
  const within = (): (() => boolean) => {
    const untilMillis = Math.min(elapsedMillis() + shrinkMillis, lastMillis);
    return () => isOver() || elapsedMillis() > untilMillis || keeper.lossReason !== undefined;
  };
  let isSettled = within();
  const failed = start.programs.slice(-1);
  const settled = await settle({
    start,
    async shrink(programs, fails) {
      isSettled = within();
      keeper.waitMillis = SHORT_WAIT_MILLIS;
      const shortcuts = condense(programs, keeper.bounds);
      const trail = await shrinkPrograms(programs, { fails, isOver: () => isSettled(), shortcuts });
      keeper.waitMillis = FULL_WAIT_MILLIS;
      isSettled = within();
      return trail;
    },
    async show(candidate) {
      const shown = await showOnce({ keeper, kind, isOver: () => isSettled() }, candidate);
      if (shown !== undefined) failed.push(...shown.programs.slice(-1));
      return shown;
    },
    isOver: () => isSettled(),
  });
  const last = settled.programs.at(-1);
  return { ...settled, limits: last === undefined ? [] : limitsOf(last, failed) };
}

function describe({ violations }: InvestigateParts, start: Reproduction, settled: Measured): Finding {
  const { tries, violation = start.violation } = settled;
  const { kind } = violation;
  const found = { kind, violation, seen: 1, also: alsoBroken(violations, kind) };
  // There was no time to find how many rounds it takes: a replay has more.
  const rounds = isReliable(settled) ? settled.rounds : Math.min(MOST_ROUNDS, MORE_ROUNDS * settled.rounds);
  if (settled.violation !== undefined) return { ...settled, ...found, rounds, reproduced: start.reproduced };
  // It did not fail once more: it is what it was before it was reduced, and perhaps a matter of luck.
  const isLuck = tries > 1;
  return {
    ...start,
    ...found,
    rounds: isLuck ? ROUNDS_OF_A_RACE : start.rounds,
    reproduced: isLuck ? 'again' : start.reproduced,
    shown: 1,
    tries: 1 + tries,
  };
}

/** What rests on no time, and was seen twice in a run, is real although it does not come at will. */
function seenBefore({ unconfirmed, violations, history }: InvestigateParts): Finding | undefined {
  const exact = violations.find(
    ({ kind, isTimed }) =>
      !isTimed && unconfirmed.some(({ violation }) => violation.kind === kind && !violation.isTimed),
  );
  const program = history.at(-1);
  if (exact === undefined || program === undefined) return undefined;
  return {
    kind: exact.kind,
    programs: [program],
    rounds: ROUNDS_OF_A_RACE,
    violation: exact,
    reproduced: 'again',
    shown: 0,
    tries: 0,
    seen: 2,
    also: alsoBroken(violations, exact.kind),
  };
}
