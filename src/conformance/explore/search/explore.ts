// The exploration: draws programs, runs them on the living hub, and has every failure reproduced, shrunk and named; then
// goes on until the time is over.
import { createRandom } from '../../../kit/random.ts';
import type { Violation } from '../oracle/violation.ts';
import { createCoverage } from '../program/coverage.ts';
import { drawProgram, isCostlyTurn } from '../program/draw.ts';
import { isPossible } from '../program/plan.ts';
import { PLAIN_PROGRAM, type Program } from '../program/program.ts';
import type { ExploreResult, ExploreRun } from '../result.ts';
import { explains, type Finding, isPlainer, isSameBug, isSeenAgain, unexplained } from './finding.ts';
import { investigate } from './investigate.ts';
import {
  type ExploreOptions,
  type LivingHub,
  onLivingHub,
  resultOf,
  type SearchOptions,
} from './on-living-hub.ts';

const OVERTIME_MILLIS = 45_000;
/** Programs that were kept for reproducing what needs a past. */
const MOST_HISTORY = 512;

export const explore = (options: ExploreOptions): Promise<ExploreResult> =>
  resultOf(options, () => searchHub(options));

export const searchHub = (options: SearchOptions): Promise<ExploreRun> => onLivingHub(options, search);

async function search({ options, keeper, signal, elapsedMillis }: LivingHub): Promise<ExploreRun> {
  const { timeMillis, settings, mostFindings = Number.POSITIVE_INFINITY } = options;
  const overtimeMillis = options.overtimeMillis ?? OVERTIME_MILLIS;
  const random = createRandom(settings.seed, 'explore');
  const coverage = createCoverage();
  const findings: Finding[] = [];
  const unconfirmed: { program: Program; violation: Violation }[] = [];
  let history: Program[] = [];
  let programs = 0;
  let investigatedMillis = 0;
  // A first bug must not take the time in which a second one would be found.
  const searchedMillis = (): number => elapsedMillis() - Math.min(investigatedMillis, overtimeMillis / 2);
  const isOver = (): boolean =>
    signal.aborted ||
    keeper.lossReason !== undefined ||
    findings.length >= mostFindings ||
    searchedMillis() >= timeMillis;

  function draw(): Program {
    // The first one is plain: what always fails must not be blamed on anything else.
    if (programs === 0) return { ...PLAIN_PROGRAM, seed: settings.seed };
    return drawProgram({
      random,
      coverage,
      isPossible: (program) => isPossible(program, keeper.bounds),
      isKnown: (program) => findings.some((finding) => explains(finding, program, [])),
      isCostly: isCostlyTurn(programs),
    });
  }

  async function look(program: Program, violations: readonly Violation[]): Promise<void> {
    const kinds = violations.map(({ kind }) => kind);
    const isSeen = (finding: Finding): boolean => kinds.some((kind) => isSeenAgain(finding, kind, history));
    const known = findings.find((finding) => explains(finding, program, kinds) || isSeen(finding));
    if (known !== undefined) known.seen++;
    const others = unexplained(findings, program, violations).filter(
      ({ kind }) => !findings.some((finding) => isSeenAgain(finding, kind, history)),
    );
    const [worst] = others;
    if (worst === undefined) {
      await startAgain();
      return;
    }
    const startMillis = elapsedMillis();
    const finding = await investigate({
      keeper,
      history,
      violations: others,
      unconfirmed,
      isOver: () => signal.aborted || elapsedMillis() >= timeMillis + overtimeMillis,
      shrinkMillis: Math.min(60_000, Math.max(8_000, timeMillis)),
      elapsedMillis,
    });
    investigatedMillis += elapsedMillis() - startMillis;
    if (finding !== undefined) addFinding(finding);
    else if (!signal.aborted) unconfirmed.push({ program, violation: worst });
    await startAgain();
  }

  /** A hub that has failed may go on failing: where the kit can, it begins again. */
  async function startAgain(): Promise<void> {
    if (isOver()) return;
    await keeper.renew(true);
    history = [];
  }

  function addFinding(finding: Finding): void {
    const same = findings.findIndex((known) => isSameBug(known, finding));
    if (same === -1) {
      findings.push(finding);
      return;
    }
    const known = findings[same] as Finding;
    if (isPlainer(finding, known)) findings[same] = { ...finding, seen: finding.seen + known.seen };
    else known.seen++;
  }

  while (!isOver()) {
    const program = draw();
    const { violations, isInterrupted } = await keeper.run(program);
    if (isInterrupted) break;
    coverage.add(program);
    programs++;
    history = [...history, program].slice(-MOST_HISTORY);
    if (violations.length > 0) await look(program, violations);
    options.onProgress?.(programs, findings.length);
  }
  return { programs, findings, unconfirmed, coverage, lossReason: keeper.lossReason };
}
