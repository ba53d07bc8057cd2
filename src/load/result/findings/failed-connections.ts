// Clients that could not connect, and why: reasons that differ only in numbers, such as ports, are one reason.
import type { Cohort } from '../../../client/cohort.ts';
import type { CohortPart } from '../../worker/worker-messages.ts';
import type { Finding } from '../result.ts';

/** Reasons that a finding names. */
const MAX_REASONS = 3;

interface RunEnd {
  readonly isComplete: boolean;
  readonly hasTargetFailed: boolean;
}

/** A hub that failed may have refused clients before; of a run that ended early otherwise, attempts may be under way. */
export function judgeConnections(
  { name, clients }: Pick<Cohort, 'name' | 'clients'>,
  { connected, failures }: Pick<CohortPart, 'connected' | 'failures'>,
  { isComplete, hasTargetFailed }: RunEnd,
): Finding[] {
  const missing = clients - connected;
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const count = isComplete ? missing : hasTargetFailed ? Math.min(missing, failed) : 0;
  if (count <= 0) return [];
  const message = `${count} of ${clients} clients could not connect, ${connected} did: ${describeFailures(failures)}`;
  return [{ name: 'not-connected', severity: 'error', cohort: name, message }];
}

/** The most frequent first. */
export function describeFailures(failures: Readonly<Record<string, number>>): string {
  const groups = new Map<string, { reason: string; count: number }>();
  for (const [reason, count] of Object.entries(failures)) {
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
