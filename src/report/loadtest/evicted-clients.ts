// Evicted clients of a load test, as the reports on anatomies show them.
import type { LoadtestResult } from '../../load/result/result.ts';
import type { EvictedClient } from '../anatomy/evicted-client.ts';

export function evictedClients({ evictions }: LoadtestResult): EvictedClient[] {
  return evictions.map((one) => ({
    group: one.cohort,
    who: `${one.cohort}, client ${one.client}`,
    stalledAtMillis: one.stalledAtMillis,
    readMessages: one.stalledAtMillis === null ? null : one.stalledAfterMessages,
    // Missing in files from before it was estimated.
    anatomy: one.anatomy ?? null,
    endedAtMillis: one.endedAtMillis,
    messages: one.messages,
    bytes: one.bytes,
    how: one.how,
  }));
}
