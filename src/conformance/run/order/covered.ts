// Checks that need not run, since one on a second hub shows the same and more. Pure.
import type { Check } from '../../check.ts';
import { pass } from '../../finding.ts';
import { type CheckResult, judge } from '../../result.ts';
import { blocked } from './check-order.ts';

export const isCovered = ({ coveredBy }: Check, begun: ReadonlySet<string>): boolean =>
  coveredBy !== undefined && begun.has(coveredBy);

/** Its result follows from that of the other check; undefined where that one has found nothing out. */
export function resultFrom(check: Check, other: CheckResult | undefined): CheckResult | undefined {
  if (other?.verdict === 'fail') return blocked(check, other.id);
  if (other?.verdict !== 'pass') return undefined;
  return judge(check, pass({ evidence: [`${other.id} has shown it`] }), { durationMillis: 0, wire: [] });
}
