// Runs the programs of a file again: what fails is reported as it is, without a search.
import { prepareEnvelopeValidation } from '../../../protocol/envelope-validation.ts';
import { watchStarvation } from '../../run/starvation.ts';
import { createCoverage } from '../program/coverage.ts';
import type { Program } from '../program/program.ts';
import { createExploreResult, type ExploreResult } from '../result.ts';
import { boundsFor, describeEnvironment, type ExploreOptions } from './explore.ts';
import type { Finding } from './finding.ts';
import { createHubKeeper } from './hub-keeper.ts';

/** A bug may need luck. */
const TRIES = 3;

export async function replayPrograms(
  programs: readonly Program[],
  options: ExploreOptions,
): Promise<ExploreResult> {
  prepareEnvelopeValidation();
  const { target, settings, clock, signal = new AbortController().signal } = options;
  const startedAt = new Date(clock.wallMillis()).toISOString();
  const startMicros = clock.nowMicros();
  const starvation = watchStarvation(clock);
  const bounds = boundsFor(settings);
  const keeper = createHubKeeper({ target, settings, bounds, clock, starvation, signal });
  const coverage = createCoverage();
  const findings: Finding[] = [];
  let ran = 0;
  try {
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
    return createExploreResult({
      programs: ran,
      findings,
      unconfirmed: [],
      coverage,
      lossReason: keeper.lossReason,
      options,
      startedAt,
      durationMillis: (clock.nowMicros() - startMicros) / 1e3,
      environment: describeEnvironment(bounds),
      isPartial: signal.aborted,
    });
  } finally {
    await keeper.close();
    starvation.stop();
  }
}
