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

/** What failed in one try; the first one has the hub as it is, each later one a fresh hub. */
interface FailedTry extends Failure {
  readonly isFirst: boolean;
}

type Hub = Pick<LivingHub, 'keeper' | 'signal'> & { readonly options: Pick<ExploreOptions, 'onProgress'> };

export async function runAgain(replayed: Replayed, { keeper, signal, options }: Hub): Promise<ExploreRun> {
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

  const failed: FailedTry[] = [];
  let tries = 0;
  while (tries < TRIES && !failed.some(({ violations }) => isShown(violations, shows)) && !isOver()) {
    const isFirst = tries++ === 0;
    if (!isFirst) await keeper.renew(true);
    const failure = await runRounds();
    if (failure !== undefined) failed.push({ ...failure, isFirst });
  }
  const findings = failed.length === 0 ? [] : [describe(failed, replayed, tries)];
  return { programs: ran, findings, unconfirmed: [], coverage, lossReason: keeper.lossReason };
}

function isShown(violations: readonly Violation[], shows: Replayed['shows']): boolean {
  return shows === undefined || sameFailure(violations, shows) !== undefined;
}

/** The try that shows what the file is about, or else the first that failed. */
function describe(failed: readonly FailedTry[], { shows, repeat = 1 }: Replayed, tries: number): Finding {
  const named = failed.find(({ violations }) => isShown(violations, shows)) ?? (failed[0] as FailedTry);
  const { programs, violations, isFirst } = named;
  const violation = ((shows && sameFailure(violations, shows)) ?? violations[0]) as Violation;
  return {
    kind: violation.kind,
    programs,
    rounds: repeat,
    violation,
    reproduced: isFirst ? 'living' : 'fresh',
    tries,
    shown: failed.filter((each) => sameFailure(each.violations, violation.kind) !== undefined).length,
    seen: 1,
    also: alsoBroken(violations, violation.kind).slice(0, MOST_ALSO),
  };
}

const MOST_ALSO = 5;
