// Shows a failure again: the program alone, then with ever more of the programs before it, on a fresh hub where the kit
// can start one. Two of three tries must fail.
import type { Violation, ViolationKind } from '../oracle/violation.ts';
import type { Program } from '../program/program.ts';
import type { HubKeeper } from './hub-keeper.ts';

export interface Reproduction {
  readonly programs: readonly Program[];
  readonly violation: Violation;
  readonly reproduced: 'fresh' | 'living';
}

export interface ReproduceParts {
  readonly keeper: HubKeeper;
  /** What has run on the hub since it was started, the failing program last. */
  readonly history: readonly Program[];
  readonly kind: ViolationKind;
  readonly isOver: () => boolean;
}

/** Undefined when it does not fail again. */
export async function reproduce({
  keeper,
  history,
  kind,
  isOver,
}: ReproduceParts): Promise<Reproduction | undefined> {
  const reproduced = keeper.canRestart ? 'fresh' : 'living';
  for (let count = 1; ; count *= 2) {
    const programs = history.slice(-count);
    // Alone it gets two tries: with the failure that was seen, that is two of three.
    const failed =
      (await failsOnce(keeper, programs, kind)) ??
      (count === 1 ? await failsOnce(keeper, programs, kind) : undefined);
    if (failed !== undefined) return { ...failed, reproduced };
    if (count >= history.length || isOver() || keeper.lossReason !== undefined) return undefined;
  }
}

/** Runs them on a hub without a past, as far as that can be had; up to the first that fails with that kind. */
export async function failsOnce(
  keeper: HubKeeper,
  programs: readonly Program[],
  kind: ViolationKind,
): Promise<Pick<Reproduction, 'programs' | 'violation'> | undefined> {
  await keeper.renew(true);
  for (const [at, program] of programs.entries()) {
    if (keeper.lossReason !== undefined) return undefined;
    const { violations } = await keeper.run(program);
    const violation = violations.find((one) => one.kind === kind);
    if (violation !== undefined) return { programs: programs.slice(0, at + 1), violation };
  }
  return undefined;
}
