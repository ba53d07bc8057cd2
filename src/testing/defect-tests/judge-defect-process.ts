// Runs checks on a known-bad hub in a process of its own, for checks that stop, kill or measure the hub process.
import type { Check } from '../../conformance/check.ts';
import type { CheckResult } from '../../conformance/result.ts';
import { runChecks } from '../../conformance/run/runner.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../conformance/run/settings.ts';
import { startChosenTarget } from '../../target/choose-target.ts';
import { programFile } from '../../target/spawn/program-file.ts';

/** The time limit of the test ends what hangs. */
export const TIME_LIMIT_MILLIS = 600_000;

const PROGRAM = programFile(new URL('../programs/run-defect.ts', import.meta.url));

export async function judgeDefectProcess(
  defectId: string,
  checks: readonly Check[],
  settings: Partial<Settings> = {},
): Promise<ReadonlyMap<string, CheckResult>> {
  const chosen = { ...DEFAULT_SETTINGS, timeLimitMillis: TIME_LIMIT_MILLIS, ...settings };
  const origins = chosen.allowedOrigins.map((origin) => ` --allowed-origin '${origin}'`).join('');
  const command = `'${process.execPath}' '${PROGRAM}' ${defectId}${origins}`;
  const start = await startChosenTarget({ kind: 'spawn', command, headers: [] });
  if (!start.ok) throw new Error(start.problem);
  try {
    const { results } = await runChecks({
      checks,
      target: start.target,
      settings: chosen,
      isBlocking: false,
    });
    return new Map(results.map((result) => [result.id, result]));
  } finally {
    await start.target.close();
  }
}
