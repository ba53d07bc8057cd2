// How each metric that a threshold names is read from a result; null where it was not measured.
import type { LATENCY_FIELDS, MetricName } from '../../plan/thresholds/metrics.ts';
import type { Threshold } from '../../plan/thresholds/parse-threshold.ts';
import type { HttpOutcome } from '../parts/http.ts';
import type { CohortResult, LoadtestResult } from '../result.ts';
import { readReleased } from './judge-released.ts';
import { readMissed, readRecovered, readRecovery } from './read-returns.ts';
import { rowsOf } from './rows-of.ts';

export type Measured = Omit<LoadtestResult, 'thresholds' | 'verdict' | 'findings'>;

type ReadMetric = (result: Measured, selected: Selected) => number | null;

/** Labels and a field of a threshold. */
export type Selected = Pick<Threshold, 'labelKey' | 'label' | 'field' | 'cause'>;

type LatencyField = (typeof LATENCY_FIELDS)[number];

const READERS: Readonly<Record<MetricName, ReadMetric>> = {
  latency: (result, selected) => readLatency(rowsOf(result, selected)[0]?.latencyMicros, selected.field),
  lateness: ({ lateness }, { field }) => readLatency(lateness, field),
  lost: sumOf('lost'),
  duplicated: sumOf('duplicated'),
  reordered: sumOf('reordered'),
  corrupted: sumOf('corrupted'),
  received: sumOf('received'),
  connected: countOrShare('connected', 'clients'),
  failures: (result, selected) =>
    sum(result, selected, ({ failures = [] }) =>
      failures
        .filter((failure) => selected.cause === undefined || failure.cause === selected.cause)
        .reduce((total, { count }) => total + count, 0),
    ),
  evicted: countOrShare('evicted', 'connected', ({ away = 0 }) => away),
  recovery: (result, { field }) => readRecovery(result, field),
  recovered: (result, { field }) => readRecovered(result, field),
  missed: (result, { label, field }) => readMissed(result, label, field),
  refused: (result, selected) => sum(result, selected, ({ attempts }) => attempts?.failed ?? 0),
  released({ evictions }, selected) {
    const interval = readReleased(evictions, selected);
    return interval === undefined ? null : (interval.mostMillis ?? interval.leastMillis) * 1e3;
  },
  isolation: ({ isolation }) => isolation.ratio,
  skew: ({ skewMicros, targets = [] }, { label, field }) =>
    readLatency(label === undefined ? skewMicros : targets[Number(label) - 1]?.skewMicros, field),
  deliveries: ({ throughput }) => throughput.deliveriesPerSecond,
  published: ({ throughput }) => throughput.publishedPerSecond,
  http({ http }, { label, field }) {
    const outcome = http.find(({ path }) => path === label);
    return outcome === undefined ? null : (HTTP_FIELDS[field ?? '']?.(outcome) ?? null);
  },
};

export function readMetric(result: Measured, threshold: Selected & Pick<Threshold, 'metric'>): number | null {
  return READERS[threshold.metric](result, threshold);
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

type Row = Omit<CohortResult, 'name' | 'behaviour' | 'histogram'>;

function sum(result: Measured, selected: Selected, read: (row: Row) => number): number | null {
  const rows: readonly Row[] = rowsOf(result, selected);
  return rows.length === 0 ? null : rows.reduce((total, row) => total + read(row), 0);
}

type Count =
  | 'clients'
  | 'connected'
  | 'evicted'
  | 'lost'
  | 'duplicated'
  | 'reordered'
  | 'corrupted'
  | 'received';

function sumOf(key: Count): ReadMetric {
  return (result, selected) => sum(result, selected, (row) => row[key]);
}

/** With `.rate` the share of `whole`, less those that do not count. */
function countOrShare(key: Count, whole: Count, without: (row: Row) => number = () => 0): ReadMetric {
  return (result, selected) => {
    const count = sumOf(key)(result, selected);
    if (selected.field !== 'rate') return count;
    const of = sum(result, selected, (row) => row[whole] - without(row));
    return count === null || !of ? null : count / of;
  };
}
