// What a conformance run amounts to, and which of its checks count against the hub: pure, so that the exit code, the
// library and every report follow from the same lines.
import type { Verdict as RunVerdict } from '../files/verdict.ts';
import type { CheckResult, ConformanceResult } from './result.ts';

/** Whether a result counts against the hub. */
export function countsAgainst(
  { verdict, knownFailing }: Pick<CheckResult, 'verdict' | 'knownFailing'>,
  isStrict: boolean,
): boolean {
  return knownFailing === undefined && (verdict === 'fail' || (isStrict && verdict === 'warn'));
}

/**
 * failed: a check counts against the hub, or a known failure passes now; inconclusive: the run was interrupted, a check
 * could not be judged, there was no time for one that might count against the hub, or none was judged; passed: anything
 * else.
 */
export function judgeRun(
  run: Pick<ConformanceResult, 'checks' | 'staleKnownFailing' | 'settings' | 'partial'>,
): RunVerdict {
  const { checks, staleKnownFailing, settings, partial } = run;
  const isFailed = checks.some((check) => countsAgainst(check, settings.strict));
  if (isFailed || staleKnownFailing.length > 0) return 'failed';
  if (partial || checks.some((check) => isUnjudged(check, settings.strict))) return 'inconclusive';
  return checks.some(({ verdict }) => verdict !== 'skip') ? 'passed' : 'inconclusive';
}

/** A check that might count against the hub, and was not judged for a reason that is not the hub's. */
function isUnjudged({ verdict, outOfTime, level }: CheckResult, isStrict: boolean): boolean {
  const mayCount = level === 'must' || (isStrict && level === 'should');
  return verdict === 'error' || (outOfTime === true && mayCount);
}
