// How long a hub may take to close the socket of a client that it evicted.
import type { Threshold } from './parse-threshold.ts';

export const DEFAULT_RELEASE_LIMIT_MILLIS = 10_000;

/** The longest that a threshold of the plan allows; a run waits as long as this for sockets to close. */
export function releaseLimitMillis({ thresholds }: { readonly thresholds: readonly Threshold[] }): number {
  const limits = thresholds.filter(({ metric }) => metric === 'released').map(({ limit }) => limit / 1e3);
  return limits.length === 0 ? DEFAULT_RELEASE_LIMIT_MILLIS : Math.max(...limits);
}
