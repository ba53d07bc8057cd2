// Runs the suite and a short load test on one server as a user would: the programs, with `--spawn`.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS } from '../../../conformance/registry.ts';
import type { CheckResult } from '../../../conformance/result.ts';
import type { LoadtestResult } from '../../../load/result/result.ts';
import { programFile } from '../../../target/spawn/program-file.ts';
import { untilAllDecided } from '../../defect-tests/until-decided.ts';
import { judgeSubject } from '../../matrix/judge-subject.ts';

const LOADTEST = programFile(new URL('../../../cli/loadtest.ts', import.meta.url));
const LOAD_DEADLINE_MILLIS = 120_000;
const LOAD = [
  ...['--clients', '40', '--cohort', 'stall=5:stall', '--rate', '30'],
  ...['--duration', '2s', '--warmup', '500ms', '--quiet', '--reporter', 'json'],
];
/** A run that stayed inconclusive says nothing about the server. */
export const MAX_LOAD_RUNS = 3;

/** Most of the time of a full run: thousands of cases, long waits, many clients. */
const LEFT_OUT_OF_SHORT_RUN: ReadonlySet<string> = new Set([
  'origin.generated',
  'envelope.generated',
  'delivery.thousand-events-to-one',
  'delivery.concurrent-producers',
  'delivery.newcomers-while-busy',
  'delivery.leavers-change-nothing',
  'delivery.many-from-one-address',
  'slow-client.contiguous-prefix',
  'slow-client.really-disconnected',
  'slow-client.drip-is-disconnected',
  'slow-client.depth',
  'slow-client.others-unharmed',
  'slow-client.fast-not-delayed',
  'slow-client.producers-unharmed',
  'slow-client.again-and-again',
  'slow-client.burst-of-a-buffer',
  'slow-client.fast-enough-is-kept',
  'lifecycle.scenarios-arrive',
  'lifecycle.silent-client-is-kept',
  'lifecycle.idle-is-kept',
  'lifecycle.quiet-hub',
  'lifecycle.nothing-leaks',
  'lifecycle.memory-levels-off',
  'lifecycle.restart',
  'robustness.pings-under-load',
  'robustness.two-hundred-dials',
  'robustness.garbage-survived',
  'measurement.register-race',
  'model.random-programs',
  'model.explored',
]);

/** Measurements never fail a server. */
export const FULL_SUITE = CHECKS.filter(({ level }) => level !== 'info').map(({ id }) => id);
const SHORT_RUN = FULL_SUITE.filter((id) => !LEFT_OUT_OF_SHORT_RUN.has(id));

/** Every second check of a short run, those with a reviewed verdict among them: two halves are all of them. */
export const halfOfSuite = (half: number, reviewed: readonly string[]): readonly string[] =>
  SHORT_RUN.filter((id, at) => at % 2 === half % 2 || reviewed.includes(id));

export async function judgeServer(
  name: string,
  command: string,
  ids: readonly string[],
): Promise<readonly CheckResult[]> {
  const checks = CHECKS.filter(({ id }) => ids.includes(id));
  return untilAllDecided(checks, async (some) => {
    const judged = await judgeSubject(
      { id: name, command },
      some.map(({ id }) => id),
    );
    if (!judged.ok) throw new Error(judged.problem);
    return judged.value.checks;
  });
}

export async function loadServer(command: string): Promise<LoadtestResult> {
  const folder = mkdtempSync(join(tmpdir(), 'norn-load-'));
  try {
    let result = await runLoadTest(command, folder);
    for (let runs = 1; !isDecided(result) && runs < MAX_LOAD_RUNS; runs++)
      result = await runLoadTest(command, folder);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** False when the generator was overloaded, the queues of stalled clients were not filled in time, or a threshold is open. */
export function isDecided({
  verdict,
  pressure,
  thresholds,
}: Pick<LoadtestResult, 'verdict' | 'pressure' | 'thresholds'>): boolean {
  const isOpen = thresholds.some((threshold) => !threshold.ok && !threshold.isDecided);
  return verdict !== 'inconclusive' && pressure?.isWhole !== false && !isOpen;
}

function runLoadTest(command: string, output: string): Promise<LoadtestResult> {
  const argv = [LOADTEST, 'run', '--spawn', command, ...LOAD, '--output', output];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, argv, { timeout: LOAD_DEADLINE_MILLIS }, (error, _, stderr) => {
      try {
        resolve(JSON.parse(readFileSync(join(output, 'loadtest.json'), 'utf8')) as LoadtestResult);
      } catch {
        reject(new Error(`the load test left no result: ${stderr.trim() || error?.message}`));
      }
    });
  });
}
