// How each metric that a threshold names is read from a result; null where it was not measured.
import type { LATENCY_FIELDS, MetricName } from '../../plan/thresholds/metrics.ts';
import type { CohortResult, HttpOutcome, LoadtestResult } from '../result.ts';
import { readReleased } from './judge-released.ts';

export type Measured = Omit<LoadtestResult, 'thresholds' | 'verdict' | 'findings'>;

type ReadMetric = (
  result: Measured,
  label: string | undefined,
  field: string | undefined,
  cause: string | undefined,
) => number | null;
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
  connected: ({ cohorts }, label, field) => {
    const connected = sum(cohorts, label, (cohort) => cohort.connected);
    return field === 'rate'
      ? share(
          connected,
          sum(cohorts, label, ({ clients }) => clients),
        )
      : connected;
  },
  failures: ({ cohorts }, label, _field, cause) =>
    sum(cohorts, label, ({ failures = [] }) =>
      failures
        .filter((failure) => cause === undefined || failure.cause === cause)
        .reduce((total, { count }) => total + count, 0),
    ),
  evicted({ cohorts }, label, field) {
    const evicted = sum(cohorts, label, (cohort) => cohort.evicted);
    return field === 'rate'
      ? share(
          evicted,
          sum(cohorts, label, ({ connected }) => connected),
        )
      : evicted;
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
    cause,
  }: {
    readonly metric: MetricName;
    readonly label: string | undefined;
    readonly field: string | undefined;
    readonly cause?: string | undefined;
  },
): number | null {
  return READERS[metric](result, label, field, cause);
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
function sum(
  cohorts: readonly CohortResult[],
  label: string | undefined,
  read: (cohort: CohortResult) => number,
): number | null {
  const chosen = label === undefined ? cohorts : cohorts.filter(({ name }) => name === label);
  return chosen.length === 0 ? null : chosen.reduce((total, cohort) => total + read(cohort), 0);
}

function share(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : part / whole;
}

function sumOf(key: 'lost' | 'duplicated' | 'reordered' | 'corrupted' | 'received'): ReadMetric {
  return ({ cohorts }, label) => sum(cohorts, label, (cohort) => cohort[key]);
}
