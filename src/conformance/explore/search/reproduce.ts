// Shows a failure again on a fresh hub, where the kit can start one: the program alone, then with ever more of the programs
// before it, and what needs luck many times on one hub. Two of three tries must fail.
import { sameFailure, type Violation, type ViolationKind } from '../oracle/violation.ts';
import type { Program } from '../program/program.ts';
import type { HubKeeper } from './hub-keeper.ts';

/** What may show a failure. */
export interface Candidate {
  /** In the order in which they run on one hub; the last one fails. */
  readonly programs: readonly Program[];
  /** They run so often on one hub, or until it fails. */
  readonly rounds: number;
}

export interface Shown extends Candidate {
  readonly violation: Violation;
}

export interface Reproduction extends Shown {
  readonly reproduced: 'fresh' | 'living';
}

export interface ReproduceParts {
  readonly keeper: HubKeeper;
  /** What has run on the hub since it was started, the failing program last. */
  readonly history: readonly Program[];
  readonly violation: Violation;
  readonly isOver: () => boolean;
}

/** With more programs before it, a race is sooner shown by the program itself. */
const MOST_BEFORE_ROUNDS = 8;
export const ROUNDS_OF_A_RACE = 16;

/** Undefined when it does not fail again. */
export async function reproduce(parts: ReproduceParts): Promise<Reproduction | undefined> {
  const { keeper, history, isOver } = parts;
  const { kind, isTimed } = parts.violation;
  const show = (count: number, rounds = 1): Promise<Shown | undefined> =>
    showOnce({ keeper, kind, isOver }, { programs: history.slice(-count), rounds });
  const isLost = (): boolean => isOver() || keeper.lossReason !== undefined;
  const reproduced = keeper.canRestart ? 'fresh' : 'living';
  let hasRace = !isTimed;
  for (let count = 1; ; count *= 2) {
    // Alone it gets two tries: with the failure that was seen, that is two of three.
    let shown = (await show(count)) ?? (count === 1 ? await show(count) : undefined);
    const isLast = count >= history.length;
    // What rests on a time may be the fault of a busy machine: many tries would prove nothing.
    if (shown === undefined && hasRace && (isLast || count >= MOST_BEFORE_ROUNDS) && !isLost()) {
      hasRace = false;
      shown = await show(1, ROUNDS_OF_A_RACE);
    }
    if (shown !== undefined) return { ...shown, reproduced };
    if (isLast || isLost()) return undefined;
  }
}

export interface ShowParts {
  readonly keeper: HubKeeper;
  readonly kind: ViolationKind;
  /** Ends the rounds. */
  readonly isOver: () => boolean;
}

/** Runs them on a hub without a past, as far as that can be had; up to the first that fails with that kind. */
export async function showOnce(
  { keeper, kind, isOver }: ShowParts,
  { programs, rounds }: Candidate,
): Promise<Shown | undefined> {
  await keeper.renew(true);
  for (let round = 1; round <= rounds; round++) {
    if (round > 1 && isOver()) return undefined;
    for (const [at, program] of programs.entries()) {
      if (keeper.lossReason !== undefined) return undefined;
      const { violations, isInterrupted } = await keeper.run(program);
      if (isInterrupted) return undefined;
      const violation = sameFailure(violations, kind);
      if (violation !== undefined)
        return { programs: round === 1 ? programs.slice(0, at + 1) : programs, rounds, violation };
      // A hub that has failed otherwise may go on failing: its further rounds show nothing.
      if (rounds > 1 && violations.length > 0) return undefined;
    }
  }
  return undefined;
}
