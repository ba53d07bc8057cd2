// Every metric that a threshold may name: its unit, its label and its fields. How each is read from a result is in
// result/thresholds.

export type Unit = 'micros' | 'count' | 'share' | 'factor' | 'perSecond';

export const LATENCY_FIELDS = ['p50', 'p90', 'p99', 'p999', 'max', 'mean'] as const;

export type LabelKey = 'cohort' | 'path' | 'target';

export interface Metric {
  readonly unit: Unit;
  /** Which labels it takes; the first is the usual one. `target` is a hub of several. */
  readonly labels?: readonly LabelKey[];
  readonly isLabelRequired?: boolean;
  /** It may also be selected by `cause`. */
  readonly hasCauses?: boolean;
  /** One of them must follow, unless there is only one or `count` is among them. */
  readonly fields?: readonly string[];
  /** Where a field is not in the unit of the metric. */
  readonly fieldUnits?: Readonly<Record<string, Unit>>;
}

const COUNT_OF_COHORT: Metric = { unit: 'count', labels: ['cohort', 'target'] };

export const METRICS = {
  /** Received minus due, of measured events. */
  latency: { unit: 'micros', labels: ['cohort', 'target'], isLabelRequired: true, fields: LATENCY_FIELDS },
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
  connected: {
    unit: 'count',
    labels: ['cohort', 'target'],
    fields: ['count', 'rate'],
    fieldUnits: { rate: 'share' },
  },
  /** Attempts to connect that failed, those to return among them. */
  failures: { unit: 'count', labels: ['cohort', 'target'], hasCauses: true, fields: ['count'] },
  /** Clients ended by the hub; `.rate` is their share of those connected. */
  evicted: {
    unit: 'count',
    labels: ['cohort', 'target'],
    fields: ['count', 'rate'],
    fieldUnits: { rate: 'share' },
  },
  /** From a fault to the first event of each client after its return; of several faults the one after which it took longest. */
  recovery: { unit: 'micros', fields: ['p50', 'p99', 'max'] },
  /** Clients that a fault dropped, that a hub must keep, and that came back and got an event; `.rate` is their share. */
  recovered: { unit: 'count', fields: ['count', 'rate'], fieldUnits: { rate: 'share' } },
  /** Events that each client dropped by a fault missed while it was away. */
  missed: { unit: 'count', labels: ['cohort'], fields: ['p50', 'p99', 'max', 'total'] },
  /** Attempts to come back that failed. */
  refused: { unit: 'count', labels: ['cohort'], fields: ['count'] },
  /** From the event that overflowed a client's queue until the hub closed its socket, while it did not read. */
  released: { unit: 'micros', labels: ['cohort', 'target'], fields: ['p50', 'p90', 'p99', 'max'] },
  /** Fast p99 with slow clients over fast p99 without. */
  isolation: { unit: 'factor' },
  /**
   * Of several hubs: from the first arrival of an event anywhere to its first arrival at the last hub, or at the labelled one.
   */
  skew: { unit: 'micros', labels: ['target'], fields: LATENCY_FIELDS },
  /** Deliveries per second. */
  deliveries: { unit: 'perSecond', fields: ['rate'] },
  /** Events published per second. */
  published: { unit: 'perSecond', fields: ['rate'] },
  /** One path of `--http-load`. */
  http: {
    unit: 'count',
    labels: ['path'],
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
