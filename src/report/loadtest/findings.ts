// The findings of a load test as reports show them: each with those that follow from it below.
import type { Finding, LoadtestResult } from '../../load/result/result.ts';

export interface FoldedFinding {
  readonly finding: Finding;
  readonly consequences: readonly Finding[];
}

/** In the order of the result. A finding whose cause is not there stands for itself. */
export function foldFindings({ findings }: Pick<LoadtestResult, 'findings'>): FoldedFinding[] {
  const causes = new Map(findings.map((finding) => [finding, causeOf(finding, findings)]));
  return findings
    .filter((finding) => causes.get(finding) === undefined)
    .map((finding) => ({
      finding,
      consequences: findings.filter((other) => causes.get(other) === finding),
    }));
}

/** One line for each finding; what follows from another is indented below it. */
export function findingLines(result: LoadtestResult): string[] {
  return foldFindings(result).flatMap(({ finding, consequences }) => [
    findingLine(finding),
    ...consequences.map((one) => `  follows: ${findingLine(one)}`),
  ]);
}

export function findingLine({ name, severity, cohort, message }: Finding): string {
  return `${severity === 'error' ? 'ERROR' : 'warning'} ${name}${cohort ? ` (${cohort})` : ''}: ${message}`;
}

/** Of findings with the name of the cause, the one of the same cohort, or else the first. */
function causeOf(finding: Finding, findings: readonly Finding[]): Finding | undefined {
  const named = findings.filter(({ name }) => name === finding.followsFrom);
  return named.find(({ cohort }) => cohort === finding.cohort) ?? named[0];
}
