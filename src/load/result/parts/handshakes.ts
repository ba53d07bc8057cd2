// What a result says of opening handshakes: attempts that failed, by cause, and the subprotocols that were agreed on.
import { type FailurePart, type SubprotocolCounts, sumCounts } from '../../worker/counts/handshake-counts.ts';

export interface FailureCount {
  /** A status such as `401`, or redirect, handshake, subprotocol, http2, tls, dns, refused, unreachable, reset, timeout or local. */
  readonly cause: string;
  readonly count: number;
  /** The most frequent reason, with the first lines of the answer. */
  readonly sample: string;
}

export interface SubprotocolCount {
  /** Null where the hub named none. */
  readonly name: string | null;
  readonly connections: number;
}

/** The most frequent first. */
export function countCauses(failures: readonly FailurePart[]): FailureCount[] {
  const counts = new Map<string, FailureCount>();
  for (const { cause, reason, count } of failures.toSorted((a, b) => b.count - a.count)) {
    const known = counts.get(cause);
    counts.set(cause, { cause, count: (known?.count ?? 0) + count, sample: known?.sample ?? reason });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

export function foldSubprotocols(parts: readonly SubprotocolCounts[]): SubprotocolCount[] {
  return Object.entries(sumCounts(parts))
    .map(([name, connections]) => ({ name: name === '' ? null : name, connections }))
    .sort((a, b) => b.connections - a.connections);
}
