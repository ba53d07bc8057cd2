// The verdict of a run: a fold over what was found and measured.
import type { Verdict } from '../../files/verdict.ts';
import { INCONCLUSIVE_FINDINGS } from './inconclusive-findings.ts';
import type { Finding, LoadtestResult, ThresholdOutcome } from './result.ts';

export interface VerdictInput extends Pick<LoadtestResult, 'cohorts' | 'generator' | 'pace'> {
  /** Accepted events that were due in the measured time. */
  readonly measuredEvents: number;
  readonly hasTargetFailed: boolean;
  /** The run ended early, so that what is missing proves nothing. */
  readonly isPartial: boolean;
  /** The threshold that ended it, as it could no longer hold. */
  readonly stoppedBy?: string | undefined;
  readonly isObserved: boolean;
  readonly findings: readonly Finding[];
  readonly thresholds: readonly ThresholdOutcome[];
}

export function foldVerdict(input: VerdictInput): Verdict {
  if (input.hasTargetFailed || input.findings.some(({ severity }) => severity === 'error')) return 'failed';
  const breached = input.thresholds.filter(({ ok, isDecided }) => !ok && isDecided);
  if (input.isPartial)
    return breached.some(({ expr }) => expr === input.stoppedBy) ? 'failed' : 'inconclusive';
  if (breached.length > 0) return 'failed';
  const hasJudged =
    !input.isObserved && input.measuredEvents > 0 && input.cohorts.some(({ received }) => received > 0);
  const isReached = !input.generator.limited && (input.pace?.limitedBy ?? null) === null;
  const isOpen = input.findings.some(({ name }) => INCONCLUSIVE_FINDINGS.includes(name));
  const hasUnjudged = input.thresholds.some(
    ({ windows, isWithinClockError = false }) => windows?.judged === 0 || isWithinClockError,
  );
  return hasJudged && isReached && !isOpen && !hasUnjudged ? 'passed' : 'inconclusive';
}
