// Runs the programs of a file again: what fails is reported as it is, without a search.
import { sameFailure, type Violation } from '../oracle/violation.ts';
import { createCoverage } from '../program/coverage.ts';
import type { Program, Replayed } from '../program/program.ts';
import type { ExploreResult, ExploreRun } from '../result.ts';
import { alsoBroken, type Finding } from './finding.ts';
import { type ExploreOptions, type LivingHub, onLivingHub, resultOf } from './on-living-hub.ts';

/** A bug may need luck. */
const TRIES = 6;
/** A long run may have found what a short one leaves out, such as a minute of silence. */
const LONG_MILLIS = 3_600_000;

export const replayPrograms = (replayed: Replayed, options: ExploreOptions): Promise<ExploreResult> =>
  resultOf(options, () =>
    onLivingHub({ ...options, timeMillis: LONG_MILLIS }, (hub) => runAgain(replayed, hub)),
  );

interface Failure {
  readonly programs: readonly Program[];
  readonly violations: readonly Violation[];
}

async function runAgain(replayed: Replayed, { keeper, signal, options }: LivingHub): Promise<ExploreRun> {
  const { programs, shows, repeat = 1 } = replayed;
  const coverage = createCoverage();
  let ran = 0;
  const isOver = (): boolean => keeper.lossReason !== undefined || signal.aborted;

  /** On one hub, until what the file is about shows; otherwise what failed first. */
  async function runRounds(): Promise<Failure | undefined> {
    let other: Failure | undefined;
    for (let round = 1; round <= repeat; round++) {
      for (const [at, program] of programs.entries()) {
        if (isOver()) return other;
        const { violations } = await keeper.run(program);
        coverage.add(program);
        ran++;
        options.onProgress?.(ran, 0);
        if (violations.length === 0) continue;
        const failure = { programs: programs.slice(0, at + 1), violations };
        if (isShown(violations, shows)) return failure;
        other ??= failure;
      }
      if (other !== undefined) return other;
    }
    return undefined;
  }

  let failure: Failure | undefined;
  let tries = 0;
  while (tries < TRIES && !isShown(failure?.violations, shows) && !isOver()) {
    if (tries++ > 0) await keeper.renew(true);
    failure = (await runRounds()) ?? failure;
  }
  const findings = failure === undefined ? [] : [describe(failure, replayed, tries)];
  return { programs: ran, findings, unconfirmed: [], coverage, lossReason: keeper.lossReason };
}

function isShown(violations: readonly Violation[] | undefined, shows: Replayed['shows']): boolean {
  return violations !== undefined && (shows === undefined || sameFailure(violations, shows) !== undefined);
}

function describe(
  { programs, violations }: Failure,
  { shows, repeat = 1 }: Replayed,
  tries: number,
): Finding {
  const violation = ((shows && sameFailure(violations, shows)) ?? violations[0]) as Violation;
  return {
    kind: violation.kind,
    programs,
    rounds: repeat,
    violation,
    reproduced: tries === 1 ? 'living' : 'fresh',
    tries,
    shown: 1,
    seen: 1,
    also: alsoBroken(violations, violation.kind).slice(0, MOST_ALSO),
  };
}

const MOST_ALSO = 5;
