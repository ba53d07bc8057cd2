// How each metric that a threshold names is read from a result; null where it was not measured.
import type { LATENCY_FIELDS, MetricName } from '../../plan/thresholds/metrics.ts';
import type { CohortResult, HttpOutcome, LoadtestResult } from '../result.ts';
import { readReleased } from './judge-released.ts';

export type Measured = Omit<LoadtestResult, 'thresholds' | 'verdict' | 'findings'>;

type ReadMetric = (result: Measured, label: string | undefined, field: string | undefined) => number | null;
type LatencyField = (typeof LATENCY_FIELDS)[number];

const READERS: Readonly<Record<MetricName, ReadMetric>> = {
  latency: ({ cohorts }, label, field) =>
    readLatency(cohorts.find(({ name }) => name === label)?.latencyMicros, field),
  lateness: ({ lateness }, _label, field) => readLatency(lateness, field),
  lost: sumOf('lost'),
  duplicated: sumOf('duplicated'),
  reordered: sumOf('reordered'),
  corrupted: sumOf('corrupted'),
  received: sumOf('received'),
  connected: sumOf('connected'),
  evicted(result, label, field) {
    const evicted = sumOf('evicted')(result, label, undefined);
    if (field !== 'rate') return evicted;
    const connected = sumOf('connected')(result, label, undefined) ?? 0;
    return connected === 0 || evicted === null ? null : evicted / connected;
  },
  released({ evictions }, label, field) {
    const interval = readReleased(evictions, label, field);
    return interval === undefined ? null : (interval.mostMillis ?? interval.leastMillis) * 1e3;
  },
  isolation: ({ isolation }) => isolation.ratio,
  deliveries: ({ throughput }) => throughput.deliveriesPerSecond,
  published: ({ throughput }) => throughput.publishedPerSecond,
  http({ http }, label, field) {
    const outcome = http.find(({ path }) => path === label);
    return outcome === undefined ? null : (HTTP_FIELDS[field ?? '']?.(outcome) ?? null);
  },
};

export function readMetric(
  result: Measured,
  {
    metric,
    label,
    field,
  }: {
    readonly metric: MetricName;
    readonly label: string | undefined;
    readonly field: string | undefined;
  },
): number | null {
  return READERS[metric](result, label, field);
}

const HTTP_FIELDS: Readonly<Record<string, (outcome: HttpOutcome) => number>> = {
  errors: ({ errors }) => errors,
  unexpected: ({ unexpectedStatuses }) => unexpectedStatuses,
  rate: ({ requestsPerSecond }) => requestsPerSecond,
  p99: ({ p99Millis }) => p99Millis * 1e3,
};

function readLatency(latency: Measured['lateness'] | undefined, field: string | undefined): number | null {
  return latency === undefined || latency.count === 0 ? null : latency[field as LatencyField];
}

/** Of the labelled cohort, or of all of them. */
function sumOf(
  key: 'lost' | 'duplicated' | 'reordered' | 'corrupted' | 'received' | 'connected' | 'evicted',
): ReadMetric {
  return ({ cohorts }, label) => {
    const chosen: readonly CohortResult[] =
      label === undefined ? cohorts : cohorts.filter(({ name }) => name === label);
    return chosen.length === 0 ? null : chosen.reduce((total, cohort) => total + cohort[key], 0);
  };
}
