// One cohort over all workers and hubs: their parts merged, and the row of it in the result. Parts of one hub are merged alike.
import type { Cohort } from '../../../client/cohort.ts';
import { type EncodedBounds, mergeBounds } from '../../../ledger/latency/latency-bounds.ts';
import {
  type LatencyHistogram,
  type LatencySummary,
  mergeHistograms,
} from '../../../ledger/latency/latency-histogram.ts';
import type { LedgerBalance } from '../../../ledger/ledger.ts';
import { mergeBalances } from '../../../ledger/ledger-balance.ts';
import { clientsInAll } from '../../plan/stages/client-stages.ts';
import { mergeCompressionParts } from '../../worker/compression-counts.ts';
import { mergeFailures, sumCounts } from '../../worker/counts/handshake-counts.ts';
import { mergeTlsParts } from '../../worker/counts/tls-counts.ts';
import type { CohortPart } from '../../worker/worker-messages.ts';
import type { CohortResult } from '../result.ts';
import { countCauses } from './handshakes.ts';

export interface FoldedCohort {
  readonly part: CohortPart;
  readonly result: CohortResult;
}

/** Clients, and what they received. */
export interface ClientCounts
  extends Omit<
    CohortResult,
    'name' | 'behaviour' | 'returned' | 'latencyMicros' | 'latencyBoundsMicros' | 'histogram'
  > {
  readonly returned: number;
}

interface FoldedParts {
  readonly counts: ClientCounts;
  readonly balance: LedgerBalance;
  readonly failures: CohortPart['failures'];
  readonly latency: LatencyHistogram;
  /** Undefined where one clock measured all of it. */
  readonly bounds: EncodedBounds | undefined;
}

/** What the latencies are at least and at most, where clients and publisher have different clocks. */
export interface LatencyBoundsResult {
  readonly lower: LatencySummary;
  readonly upper: LatencySummary;
  /** Of those that one clock measured, as publisher and client are on one machine. Absent without any. */
  readonly own?: LatencySummary;
}

export function summarizeBounds(bounds: EncodedBounds): LatencyBoundsResult {
  const own = mergeHistograms([bounds.own]).summary();
  return {
    lower: mergeHistograms([bounds.lower]).summary(),
    upper: mergeHistograms([bounds.upper]).summary(),
    ...(own.count > 0 && { own }),
  };
}

/** Of any clients. */
export function foldParts(parts: readonly CohortPart[]): FoldedParts {
  const total = (read: (part: CohortPart) => number) => parts.reduce((sum, part) => sum + read(part), 0);
  const balance = mergeBalances(parts.map((part) => part.balance));
  const failures = mergeFailures(parts.map((part) => part.failures));
  const { received, lost, duplicated, reordered, corrupted } = balance;
  const unaccountedClients = total((p) => p.unaccountedClients ?? 0);
  return {
    balance,
    failures,
    latency: mergeHistograms(parts.map((part) => part.deliveries.latency)),
    bounds: mergeBounds(parts.map((part) => part.deliveries)),
    counts: {
      clients: total((p) => p.clients),
      connected: total((p) => p.connected),
      returned: total((p) => p.returned),
      ...foldReturns(parts),
      ...(unaccountedClients > 0 && { unaccountedClients, unaccounted: balance.unaccounted }),
      evicted: total((p) => p.evicted),
      left: total((p) => p.left),
      open: total((p) => p.open),
      ...(failures.length === 0 ? {} : { failures: countCauses(failures) }),
      received,
      lost,
      duplicated,
      reordered,
      corrupted,
    },
  };
}

/** Each absent where there is none. */
function foldReturns(
  parts: readonly CohortPart[],
): Pick<CohortPart, 'away' | 'attempts' | 'deaf' | 'postponed'> {
  const total = (read: (part: CohortPart) => number | undefined) =>
    parts.reduce((sum, part) => sum + (read(part) ?? 0), 0);
  const [away, deaf, postponed] = [total((p) => p.away), total((p) => p.deaf), total((p) => p.postponed)];
  const attempts = { total: total((p) => p.attempts?.total), failed: total((p) => p.attempts?.failed) };
  return {
    ...(away > 0 && { away }),
    ...(attempts.total > 0 && { attempts }),
    ...(deaf > 0 && { deaf }),
    ...(postponed > 0 && { postponed }),
  };
}

/** `clients` are those of the plan: a worker that is gone took its counts with it. */
export function foldCohort(parts: readonly CohortPart[], behaviour: string, clients: number): FoldedCohort {
  const total = (read: (part: CohortPart) => number) => parts.reduce((sum, part) => sum + read(part), 0);
  const [first] = parts;
  if (!first) throw new Error('a cohort without parts');
  const { name } = first;
  const { balance, latency, bounds, counts, failures } = foldParts(parts);
  const { connected, returned, evicted, left, open, unaccountedClients } = counts;
  const part: CohortPart = {
    name,
    clients,
    ...{ connected, returned, evicted, left, open },
    ...foldReturns(parts),
    ...(unaccountedClients !== undefined && { unaccountedClients }),
    failures,
    behind: total((p) => p.behind),
    balance,
    deliveries: {
      deliveries: total((p) => p.deliveries.deliveries),
      latency: latency.encode(),
      ...(bounds && { bounds }),
    },
    tls: mergeTlsParts(parts.map(({ tls }) => tls)),
    subprotocols: sumCounts(parts.map(({ subprotocols }) => subprotocols)),
    addresses: sumCounts(parts.map(({ addresses }) => addresses)),
    sources: sumCounts(parts.map(({ sources }) => sources)),
    compression: mergeCompressionParts(parts.map(({ compression }) => compression)),
    evictions: parts.flatMap(({ evictions }) => evictions),
  };
  const result: CohortResult = {
    name,
    behaviour,
    ...counts,
    clients,
    latencyMicros: latency.summary(),
    ...(bounds && { latencyBoundsMicros: summarizeBounds(bounds) }),
    histogram: latency.encode(),
  };
  return { part, result };
}

/** How many clients were to connect; of a run that ended early, those whose stage was reached. */
export function countWanted(
  cohort: Cohort,
  parts: readonly CohortPart[],
  durationMillis: number | undefined,
): number {
  if (cohort.stages === undefined) return cohort.clients;
  if (durationMillis !== undefined) return clientsInAll(cohort, durationMillis);
  return parts.reduce((sum, { clients }) => sum + clients, 0);
}
