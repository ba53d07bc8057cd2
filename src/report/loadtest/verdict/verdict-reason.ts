// Why the verdict of a run is what it is, as the headline of every report says it.

import { INCONCLUSIVE_FINDINGS } from '../../../load/result/inconclusive-findings.ts';
import type { LoadtestResult } from '../../../load/result/result.ts';
import { hasConnected } from '../connections/handshake-lines.ts';

/** Empty when there is nothing to add. */
export function verdictReason(result: LoadtestResult): string {
  const { verdict, hasTargetFailed, findings, thresholds, partial } = result;
  const errors = findings.filter(
    ({ severity, followsFrom }) => severity === 'error' && followsFrom === undefined,
  ).length;
  const breached = thresholds.filter(({ ok }) => !ok).length;
  const counts = `${countOf(errors, 'finding')}, ${countOf(breached, 'threshold')} breached`;
  const reasons = [verdict === 'failed' && !hasTargetFailed ? counts : '', earlyEnd(result) ?? ''];
  return `${reasons.filter((reason) => reason !== '').join('; ')}${partial ? ' [partial]' : ''}`.trim();
}

/** Why the run ended early, or is inconclusive. */
function earlyEnd(result: LoadtestResult): string | undefined {
  const { stoppedBecause, hasTargetFailed, generator, verdict, pace } = result;
  if (hasTargetFailed)
    return stoppedBecause?.startsWith('the hub ')
      ? stoppedBecause
      : `${hasConnected(result) ? 'the hub went away' : 'no client could connect'}: ${stoppedBecause}`;
  if (stoppedBecause !== undefined) return stoppedBecause;
  if (generator.limited) return `the generator was overloaded: ${generator.reasons[0]}`;
  if (pace?.reason) return pace.reason;
  return verdict === 'inconclusive' ? undecidedBecause(result) : undefined;
}

/** What kept the run from being judged, as in load/result/fold-verdict.ts. */
function undecidedBecause(result: LoadtestResult): string {
  const { ledger, cohorts, findings, thresholds, throughput } = result;
  if (ledger.published === 0) return 'no event was published';
  if (cohorts.every(({ received }) => received === 0)) return 'no client received an event';
  const unsettled = findings.find(({ name }) => INCONCLUSIVE_FINDINGS.includes(name));
  if (unsettled !== undefined) return unsettled.message;
  const unjudged = thresholds.find(({ windows }) => windows?.judged === 0);
  if (unjudged !== undefined) return `${unjudged.expr} was not judged: ${unjudged.rendered}`;
  const unclear = thresholds.find(({ isWithinClockError }) => isWithinClockError);
  if (unclear !== undefined) return `${unclear.expr}: ${unclear.rendered}`;
  // Last, as this rate is rounded: a few events of a long run may be 0.
  if (throughput.publishedPerSecond === 0) return 'no event was published in the measured time';
  return 'too little was measured to judge the hub';
}

const countOf = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
