// From a program that failed to a finding: reproduced, shrunk, and reproduced once more in its final form.
import type { Violation } from '../oracle/violation.ts';
import type { Program } from '../program/program.ts';
import type { Finding } from './finding.ts';
import { FULL_WAIT_MILLIS, type HubKeeper, SHORT_WAIT_MILLIS } from './hub-keeper.ts';
import { failsOnce, reproduce } from './reproduce.ts';
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
    for (const { kind } of oneOfEachKind(violations)) {
      const reproduction = await reproduce({ keeper, history, kind, isOver });
      if (reproduction === undefined) continue;
      const untilMillis = parts.elapsedMillis() + parts.shrinkMillis;
      keeper.waitMillis = SHORT_WAIT_MILLIS;
      const fails = async (programs: readonly Program[]): Promise<boolean> =>
        (await failsOnce(keeper, programs, kind)) !== undefined;
      const programs = await shrinkPrograms(reproduction.programs, {
        fails,
        isOver: () => isOver() || parts.elapsedMillis() > untilMillis || keeper.lossReason !== undefined,
      });
      keeper.waitMillis = FULL_WAIT_MILLIS;
      const last = await failsOnce(keeper, programs, kind);
      return {
        kind,
        // What does not fail once more with full waits was reduced too far.
        programs: last?.programs ?? reproduction.programs,
        violation: last?.violation ?? reproduction.violation,
        reproduced: reproduction.reproduced,
        seen: 1,
        also: alsoBroken(violations, kind),
      };
    }
    return seenBefore(parts, worst);
  } finally {
    keeper.waitMillis = FULL_WAIT_MILLIS;
  }
}

function oneOfEachKind(violations: readonly Violation[]): readonly Violation[] {
  return violations.filter(({ kind }, at) => violations.findIndex((other) => other.kind === kind) === at);
}

/** What rests on no time, and was seen twice in a run, is real although it does not come at will. */
function seenBefore(
  { unconfirmed, violations, history }: InvestigateParts,
  worst: Violation,
): Finding | undefined {
  const exact = violations.find(
    ({ kind, isTimed }) =>
      !isTimed && unconfirmed.some(({ violation }) => violation.kind === kind && !violation.isTimed),
  );
  const program = history.at(-1);
  if (exact === undefined || program === undefined) return undefined;
  return {
    kind: exact.kind,
    programs: [program],
    violation: exact,
    reproduced: 'again',
    seen: 2,
    also: alsoBroken(violations, worst.kind),
  };
}

function alsoBroken(violations: readonly Violation[], kind: Violation['kind']): string[] {
  return oneOfEachKind(violations)
    .filter((violation) => violation.kind !== kind)
    .map(({ kind: other, who, got }) => `${other}: ${who}: ${got}`);
}
