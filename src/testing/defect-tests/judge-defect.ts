// Runs checks on a known-bad hub, or on the correct one, inside this process, and returns the verdicts by check id.
import type { Check } from '../../conformance/check.ts';
import type { CheckResult } from '../../conformance/result.ts';
import { runChecks } from '../../conformance/run/runner.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../conformance/run/settings.ts';
import { startHttpTarget } from '../../target/http/http-target.ts';
import { startDefectiveHub } from '../registry.ts';
import { TIME_LIMIT_MILLIS } from './judge-defect-process.ts';
import { untilAllDecided } from './until-decided.ts';

/**
 * Hub and checks share one event loop: not suited for checks that measure times. What got no verdict on a busy machine is
 * judged again, on a hub of its own.
 */
export async function judgeDefect(
  defectId: string,
  checks: readonly Check[],
  settings: Partial<Settings> = {},
  hubOptions: HubOptions = {},
): Promise<ReadonlyMap<string, CheckResult>> {
  const chosen = { ...DEFAULT_SETTINGS, waitMillis: 3_000, timeLimitMillis: TIME_LIMIT_MILLIS, ...settings };
  const results = await untilAllDecided(checks, (open) => judgeOnce(defectId, open, chosen, hubOptions));
  return new Map(results.map((result) => [result.id, result]));
}

type HubOptions = Omit<Parameters<typeof startDefectiveHub>[1], 'extraOrigins'>;

async function judgeOnce(
  defectId: string,
  checks: readonly Check[],
  settings: Settings,
  hubOptions: HubOptions,
): Promise<readonly CheckResult[]> {
  const hub = await startDefectiveHub(defectId, { ...hubOptions, extraOrigins: settings.allowedOrigins });
  try {
    const start = await startHttpTarget({ url: hub.url, broadcastUrl: hub.broadcastUrl });
    if (!start.ok) throw new Error(start.problem);
    const { results } = await runChecks({ checks, target: start.target, settings, isBlocking: false });
    await start.target.close();
    return results;
  } finally {
    await hub.close();
  }
}
