// A load test as annotations of GitHub Actions: one line for each threshold and finding that did not hold.
import type { LoadtestResult } from '../../load/result/result.ts';
import { annotate } from '../format/github-annotation.ts';
import { verdictLine } from './facts.ts';
import { describeFault, faultTitle } from './faults/describe-fault.ts';

/** GitHub shows ten notices of a step. */
const MOST_FAULTS = 5;

export function renderLoadtestGithub(result: LoadtestResult): string {
  const again = result.command === undefined ? '' : `\nagain: ${result.command}`;
  const thresholds = result.thresholds
    .filter(({ ok }) => !ok)
    .map(({ expr, rendered, isDecided }) =>
      annotate(
        isDecided ? 'error' : 'warning',
        expr,
        `${isDecided ? '' : 'inconclusive: '}observed ${rendered}${again}`,
      ),
    );
  const findings = result.findings.map(({ name, severity, cohort, message, followsFrom }) =>
    annotate(
      severity,
      cohort === undefined ? name : `${name} (${cohort})`,
      `${message}${followsFrom === undefined ? '' : ` (follows from ${followsFrom})`}${again}`,
    ),
  );
  const faults = (result.faults ?? [])
    .slice(0, MOST_FAULTS)
    .map((fault) => annotate('notice', faultTitle(fault), describeFault(fault)));
  const level =
    result.verdict === 'passed' ? 'notice' : result.verdict === 'inconclusive' ? 'warning' : 'error';
  return [
    ...thresholds,
    ...findings,
    ...faults,
    annotate(level, 'norn-loadtest', verdictLine(result)),
    '',
  ].join('\n');
}
