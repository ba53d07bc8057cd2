// Which finding follows from which: a hub that waits for a slow client also loses deliveries, and one that disconnects
// everybody also has sagas without an end. Nothing is dropped; reports show what follows below its cause.
import type { Finding, FindingName } from '../result.ts';

interface Cause {
  readonly name: FindingName;
  /** Only a cause in the same cohort explains it. */
  readonly isOfCohort?: boolean;
}

/** For each finding what may cause it, the most likely first. */
const CAUSES: Readonly<Partial<Record<FindingName, readonly Cause[]>>> = {
  lost: [
    { name: 'blocked' },
    { name: 'deaf', isOfCohort: true },
    { name: 'fast-evicted', isOfCohort: true },
    { name: 'forgotten', isOfCohort: true },
  ],
  'not-evicted': [{ name: 'blocked' }],
  forgotten: [{ name: 'blocked' }],
  'not-released': [{ name: 'blocked' }],
  'fast-evicted': [{ name: 'blocked' }],
  'not-connected': [{ name: 'blocked' }],
  publish: [{ name: 'blocked' }],
  unbalanced: [{ name: 'blocked' }],
  schema: [{ name: 'corrupted' }],
  'saga-order': [
    { name: 'reordered' },
    { name: 'corrupted' },
    { name: 'lost' },
    { name: 'fast-evicted' },
    { name: 'forgotten' },
    { name: 'not-connected' },
    { name: 'blocked' },
  ],
};

/** Names the first cause of each finding that follows from another, unless it is named. It weighs no more than its cause. */
export function nameCauses(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => {
    const root = rootOf(finding, findings);
    if (root === finding) return finding;
    const severity = root.severity === 'warning' ? 'warning' : finding.severity;
    return { ...finding, severity, followsFrom: root.name };
  });
}

function rootOf(finding: Finding, findings: readonly Finding[]): Finding {
  const causes = finding.followsFrom === undefined ? CAUSES[finding.name] : [{ name: finding.followsFrom }];
  for (const { name, isOfCohort } of causes ?? []) {
    const cause = findings.find(
      (other) => other.name === name && (!isOfCohort || other.cohort === finding.cohort),
    );
    if (cause !== undefined) return rootOf(cause, findings);
  }
  return finding;
}
