// The judge on a test subject: runs checks on a known-bad hub (or the correct one) and gives the verdicts by id.
import type { Check } from '../../conformance/check.ts';
import type { CheckResult } from '../../conformance/result.ts';
import { runChecks } from '../../conformance/run/runner.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../conformance/run/settings.ts';
import { startHttpTarget } from '../../target/http/http.ts';
import { startDefectiveHub } from '../registry.ts';

/** In this process and on one event loop: fit for checks that do not judge times. */
export async function judgeDefect(
  defectId: string,
  checks: readonly Check[],
  settings: Partial<Settings> = {},
  hubOptions: Omit<Parameters<typeof startDefectiveHub>[1], 'extraOrigins'> = {},
): Promise<ReadonlyMap<string, CheckResult>> {
  const chosen = { ...DEFAULT_SETTINGS, patienceMillis: 3_000, ...settings };
  const hub = await startDefectiveHub(defectId, { ...hubOptions, extraOrigins: chosen.allowedOrigins });
  try {
    const start = await startHttpTarget({ url: hub.url, broadcastUrl: hub.broadcastUrl });
    if (!start.ok) throw new Error(start.problem);
    const { results } = await runChecks({ checks, target: start.target, settings: chosen });
    await start.target.close();
    return new Map(results.map((result) => [result.id, result]));
  } finally {
    await hub.close();
  }
}
