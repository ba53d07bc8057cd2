// One cohort over all workers: their parts merged, and the row of it in the result.
import { mergeHistograms } from '../../../ledger/latency/latency-histogram.ts';
import { mergeBalances } from '../../../ledger/ledger-balance.ts';
import { mergeCompressionParts } from '../../worker/compression-counts.ts';
import { mergeFailures, sumCounts } from '../../worker/handshake-counts.ts';
import { mergeTlsParts } from '../../worker/tls-counts.ts';
import type { CohortPart } from '../../worker/worker-messages.ts';
import type { CohortResult } from '../result.ts';
import { sumByAddress } from './addresses.ts';
import { countCauses } from './handshakes.ts';

export interface FoldedCohort {
  readonly part: CohortPart;
  readonly result: CohortResult;
}

export function foldCohort(parts: readonly CohortPart[], behaviour: string, clients: number): FoldedCohort {
  const total = (read: (part: CohortPart) => number) => parts.reduce((sum, part) => sum + read(part), 0);
  const balance = mergeBalances(parts.map((part) => part.balance));
  const latency = mergeHistograms(parts.map((part) => part.deliveries.latency));
  const failures = mergeFailures(parts.map((part) => part.failures));
  const [first] = parts;
  if (!first) throw new Error('a cohort without parts');
  const counts = {
    connected: total((p) => p.connected),
    returned: total((p) => p.returned),
    evicted: total((p) => p.evicted),
    left: total((p) => p.left),
    open: total((p) => p.open),
  };
  const part: CohortPart = {
    ...first,
    ...counts,
    clients,
    failures,
    behind: total((p) => p.behind),
    balance,
    deliveries: { deliveries: total((p) => p.deliveries.deliveries), latency: latency.encode() },
    tls: mergeTlsParts(parts.map(({ tls }) => tls)),
    subprotocols: sumCounts(parts.map(({ subprotocols }) => subprotocols)),
    addresses: sumByAddress(parts.map(({ addresses }) => addresses)),
    compression: mergeCompressionParts(parts.map(({ compression }) => compression)),
    evictions: parts.flatMap(({ evictions }) => evictions),
  };
  const { received, lost, duplicated, reordered, corrupted } = balance;
  const result = {
    name: first.name,
    behaviour,
    clients,
    ...counts,
    ...(failures.length === 0 ? {} : { failures: countCauses(failures) }),
    received,
    lost,
    duplicated,
    reordered,
    corrupted,
    latencyMicros: latency.summary(),
    histogram: latency.encode(),
  };
  return { part, result };
}
