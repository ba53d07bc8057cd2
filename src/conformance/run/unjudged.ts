// Results of checks that did not run to their end, and of one under which the hub died. Pure.
import { renderDurationMillis } from '../../units/duration.ts';
import type { Check } from '../check.ts';
import { skip, skipForTime } from '../finding.ts';
import { type CheckResult, judge } from '../result.ts';

export function interrupted(check: Check): CheckResult {
  return judge(check, skip('the run was interrupted'), { durationMillis: 0, wire: [] });
}

/** `durationMillis`: how long it ran until the time of the run was over; 0 when it did not begin. */
export function outOfTime(check: Check, limitMillis: number, durationMillis = 0): CheckResult {
  const within = `within ${renderDurationMillis(limitMillis)}, which a run may take (--time)`;
  const reason = durationMillis === 0 ? `there was no time for it ${within}` : `it did not end ${within}`;
  return judge(check, skipForTime(reason), { durationMillis, wire: [] });
}

/** A failure that stands although the check was ended. */
export function isSure({ confirmsFailures }: Check, { verdict }: CheckResult): boolean {
  return confirmsFailures === true && verdict === 'fail';
}

export function blameForDeath(result: CheckResult, death: string): CheckResult {
  const { reason, ...rest } = result;
  if (result.verdict === 'fail') return { ...rest, evidence: [...result.evidence, death] };
  return {
    ...rest,
    verdict: 'fail',
    expected: 'the hub stays alive and serves a new client',
    got: death,
    evidence: reason === undefined ? result.evidence : [...result.evidence, reason],
  };
}
