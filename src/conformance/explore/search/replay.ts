// Runs the programs of a file again: what fails is reported as it is, without a search.
import { createCoverage } from '../program/coverage.ts';
import type { Program } from '../program/program.ts';
import type { ExploreResult, ExploreRun } from '../result.ts';
import type { Finding } from './finding.ts';
import { type ExploreOptions, type LivingHub, onLivingHub, resultOf } from './on-living-hub.ts';

/** A bug may need luck. */
const TRIES = 3;
/** A long run may have found what a short one leaves out, such as a minute of silence. */
const LONG_MILLIS = 3_600_000;

export const replayPrograms = (
  programs: readonly Program[],
  options: ExploreOptions,
): Promise<ExploreResult> =>
  resultOf(options, () =>
    onLivingHub({ ...options, timeMillis: LONG_MILLIS }, (hub) => runAgain(programs, hub)),
  );

async function runAgain(programs: readonly Program[], { keeper, signal }: LivingHub): Promise<ExploreRun> {
  const coverage = createCoverage();
  const findings: Finding[] = [];
  let ran = 0;
  for (let tries = 0; tries < TRIES && findings.length === 0 && !signal.aborted; tries++) {
    if (tries > 0) await keeper.renew(true);
    for (const [at, program] of programs.entries()) {
      if (findings.length > 0 || keeper.lossReason !== undefined || signal.aborted) break;
      const { violations } = await keeper.run(program);
      coverage.add(program);
      ran++;
      const [violation, ...others] = violations;
      if (violation === undefined) continue;
      findings.push({
        kind: violation.kind,
        programs: programs.slice(0, at + 1),
        violation,
        reproduced: tries === 0 ? 'living' : 'fresh',
        seen: 1,
        also: others.map(({ kind, who, got }) => `${kind}: ${who}: ${got}`).slice(0, 5),
      });
    }
  }
  return { programs: ran, findings, unconfirmed: [], coverage, lossReason: keeper.lossReason };
}
