// Clients that could not connect, and why: reasons that differ only in numbers, such as ports, are one reason. And
// subprotocols that were not agreed on.
import type { Cohort } from '../../../client/cohort.ts';
import type { Threshold } from '../../plan/thresholds/parse-threshold.ts';
import type { FailurePart } from '../../worker/counts/handshake-counts.ts';
import type { CohortPart } from '../../worker/worker-messages.ts';
import type { Finding } from '../result.ts';

/** Reasons that a finding names. */
const MAX_REASONS = 3;

interface RunEnd {
  readonly isComplete: boolean;
  readonly hasTargetFailed: boolean;
  readonly thresholds: readonly Pick<Threshold, 'metric' | 'labelKey' | 'label' | 'cause' | 'field'>[];
}

/**
 * A hub that failed may have refused clients before; of a run that ended early otherwise, attempts may be under way. Where
 * thresholds say how many may fail, they judge, and the finding is a warning.
 */
export function judgeConnections(
  { name, clients }: Pick<Cohort, 'name' | 'clients'>,
  {
    connected,
    failures,
    postponed = 0,
    unaccountedClients = 0,
  }: Pick<CohortPart, 'connected' | 'failures' | 'postponed' | 'unaccountedClients'>,
  { isComplete, hasTargetFailed, thresholds }: RunEnd,
): Finding[] {
  // A fault kept the postponed ones from connecting, and of the unaccounted ones nobody knows.
  const missing = clients - connected - postponed - unaccountedClients;
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  const count = isComplete ? missing : hasTargetFailed ? Math.min(missing, failed) : 0;
  if (count <= 0) return [];
  const message = `${count} of ${clients} clients could not connect, ${connected} did: ${describeFailures(failures)}`;
  const severity = isJudgedElsewhere(name, failures, thresholds) ? 'warning' : 'error';
  return [{ name: 'not-connected', severity, cohort: name, message }];
}

/** By `connected.rate`, or by `failures` of every cause there is. */
function isJudgedElsewhere(
  cohort: string,
  failures: readonly FailurePart[],
  thresholds: RunEnd['thresholds'],
): boolean {
  const own = thresholds.filter(
    ({ labelKey, label }) => label === undefined || (labelKey === 'cohort' && label === cohort),
  );
  if (own.some(({ metric, field }) => metric === 'connected' && field === 'rate')) return true;
  const causes = own.filter(({ metric }) => metric === 'failures').map(({ cause }) => cause);
  const isLimited = ({ cause }: FailurePart) => causes.includes(undefined) || causes.includes(cause);
  return failures.length > 0 && failures.every(isLimited);
}

/** The most frequent first. */
export function describeFailures(failures: readonly FailurePart[]): string {
  const groups = new Map<string, { reason: string; count: number }>();
  for (const { reason, count } of failures) {
    const key = reason.replace(/\d{4,}/g, '#');
    const known = groups.get(key);
    if (known) known.count += count;
    else groups.set(key, { reason, count });
  }
  const sorted = [...groups.values()].sort((a, b) => b.count - a.count);
  if (sorted.length === 0) return 'the attempts had not ended';
  const shown = sorted.slice(0, MAX_REASONS).map(({ reason, count }) => `${count} x ${reason}`);
  const others = sorted.slice(MAX_REASONS).reduce((sum, { count }) => sum + count, 0);
  return [...shown, ...(others > 0 ? [`${others} for other reasons`] : [])].join('; ');
}

/** One that was not offered, and none although some were. */
export function judgeSubprotocols(
  { name: cohort }: Pick<Cohort, 'name'>,
  { failures, subprotocols }: Pick<CohortPart, 'failures' | 'subprotocols'>,
): Finding[] {
  const unoffered = failures.filter(({ cause }) => cause === 'subprotocol');
  const count = unoffered.reduce((sum, failure) => sum + failure.count, 0);
  const unnamed = subprotocols[''] ?? 0;
  const finding = (severity: Finding['severity'], message: string): Finding => ({
    ...{ name: 'subprotocol', severity, cohort, message },
  });
  return [
    ...(count > 0
      ? [
          finding(
            'error',
            `${count} handshakes named a subprotocol that the client had not offered, for which browsers end the connection: ${unoffered[0]?.reason}`,
          ),
        ]
      : []),
    ...(unnamed > 0
      ? [
          finding(
            'warning',
            `${unnamed} handshakes named none of the subprotocols that the client offered: some browsers end such a connection`,
          ),
        ]
      : []),
  ];
}
