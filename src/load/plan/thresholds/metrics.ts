// Every metric that a threshold may name: its unit, its label and its fields. How each is read from a result is in
// result/thresholds.

export type Unit = 'micros' | 'count' | 'share' | 'factor' | 'perSecond';

export const LATENCY_FIELDS = ['p50', 'p90', 'p99', 'p999', 'max', 'mean'] as const;

export interface Metric {
  readonly unit: Unit;
  /** Which label it takes, and what that label may be. */
  readonly label?: 'cohort' | 'path';
  readonly isLabelRequired?: boolean;
  /** It may also be selected by `cause`. */
  readonly hasCauses?: boolean;
  /** One of them must follow, unless there is only one or `count` is among them. */
  readonly fields?: readonly string[];
  /** Where a field is not in the unit of the metric. */
  readonly fieldUnits?: Readonly<Record<string, Unit>>;
}

const COUNT_OF_COHORT: Metric = { unit: 'count', label: 'cohort' };

export const METRICS = {
  /** Received minus due, of measured events. */
  latency: { unit: 'micros', label: 'cohort', isLabelRequired: true, fields: LATENCY_FIELDS },
  /** Sent minus due. */
  lateness: { unit: 'micros', fields: LATENCY_FIELDS },
  /** Deliveries that were not received. */
  lost: COUNT_OF_COHORT,
  duplicated: COUNT_OF_COHORT,
  /** Deliveries that came after a later event. */
  reordered: COUNT_OF_COHORT,
  /** Deliveries whose content is not what was published. */
  corrupted: COUNT_OF_COHORT,
  received: COUNT_OF_COHORT,
  /** Clients that connected; `.rate` is their share of all clients. */
  connected: { unit: 'count', label: 'cohort', fields: ['count', 'rate'], fieldUnits: { rate: 'share' } },
  /** Attempts to connect that failed, those to return among them. */
  failures: { unit: 'count', label: 'cohort', hasCauses: true, fields: ['count'] },
  /** Clients ended by the hub; `.rate` is their share of those connected. */
  evicted: { unit: 'count', label: 'cohort', fields: ['count', 'rate'], fieldUnits: { rate: 'share' } },
  /** From the event that overflowed a client's queue until the hub closed its socket, while it did not read. */
  released: { unit: 'micros', label: 'cohort', fields: ['p50', 'p90', 'p99', 'max'] },
  /** Fast p99 with slow clients over fast p99 without. */
  isolation: { unit: 'factor' },
  /** Deliveries per second. */
  deliveries: { unit: 'perSecond', fields: ['rate'] },
  /** Events published per second. */
  published: { unit: 'perSecond', fields: ['rate'] },
  /** One path of `--http-load`. */
  http: {
    unit: 'count',
    label: 'path',
    isLabelRequired: true,
    fields: ['errors', 'unexpected', 'rate', 'p99'],
    fieldUnits: { p99: 'micros', rate: 'perSecond' },
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

export function findMetric(name: string): { readonly name: MetricName; readonly metric: Metric } | undefined {
  return Object.hasOwn(METRICS, name)
    ? { name: name as MetricName, metric: METRICS[name as MetricName] }
    : undefined;
}
