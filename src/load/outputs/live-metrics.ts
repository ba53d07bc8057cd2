// The metrics of a run while it goes on: one list for every output, with Prometheus' names and base units.
import type { ProgressView } from '../run-options.ts';

export interface LiveMetric {
  /** Counters end in `_total`, times in `_seconds`. */
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (view: ProgressView) => readonly LivePoint[];
}

export interface LivePoint {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Cohort = ProgressView['cohorts'][number];

const ofCohorts =
  (value: (cohort: Cohort) => number): LiveMetric['read'] =>
  ({ cohorts }) =>
    cohorts.map((cohort) => ({ labels: { cohort: cohort.name }, value: value(cohort) }));

/** p50 and p99 of each cohort that has any. */
const quantiles =
  (
    of: (latency: NonNullable<Cohort['latency']>) => { p50Micros: number; p99Micros: number },
  ): LiveMetric['read'] =>
  ({ cohorts }) =>
    cohorts.flatMap(({ name, latency }) => {
      if (latency === null) return [];
      const { p50Micros, p99Micros } = of(latency);
      return [
        { labels: { cohort: name, quantile: '0.5' }, value: p50Micros / 1e6 },
        { labels: { cohort: name, quantile: '0.99' }, value: p99Micros / 1e6 },
      ];
    });

const COHORT = ['cohort'];
const COHORT_QUANTILE = ['cohort', 'quantile'];

export const LIVE_METRICS: readonly LiveMetric[] = [
  {
    name: 'norn_elapsed_seconds',
    kind: 'gauge',
    help: 'Time since the run began.',
    labels: [],
    read: ({ elapsedMillis }) => [{ labels: {}, value: elapsedMillis / 1e3 }],
  },
  {
    name: 'norn_phase',
    kind: 'gauge',
    help: '1 for the phase that the run is in.',
    labels: ['phase'],
    read: ({ phase }) => [{ labels: { phase }, value: 1 }],
  },
  {
    name: 'norn_published_events_total',
    kind: 'counter',
    help: 'Events that the hub accepted.',
    labels: [],
    read: ({ publishedEvents }) => [{ labels: {}, value: publishedEvents }],
  },
  {
    name: 'norn_deliveries_total',
    kind: 'counter',
    help: 'Events that clients received and verified.',
    labels: COHORT,
    read: ofCohorts(({ deliveries }) => deliveries),
  },
  {
    name: 'norn_evictions_total',
    kind: 'counter',
    help: 'Clients that the hub disconnected.',
    labels: COHORT,
    read: ofCohorts(({ evicted }) => evicted),
  },
  {
    name: 'norn_connection_attempts_total',
    kind: 'counter',
    help: 'Connection attempts that have ended, well or not.',
    labels: COHORT,
    read: ofCohorts(({ attempted }) => attempted),
  },
  {
    name: 'norn_clients_open',
    kind: 'gauge',
    help: 'Clients that are connected.',
    labels: COHORT,
    read: ofCohorts(({ open }) => open),
  },
  {
    name: 'norn_latency_seconds',
    kind: 'gauge',
    help: 'From when an event was due until a client had it, of the measured time so far.',
    labels: COHORT_QUANTILE,
    read: quantiles((latency) => latency),
  },
  {
    name: 'norn_latency_last_second_seconds',
    kind: 'gauge',
    help: 'The same of the latest whole second alone.',
    labels: COHORT_QUANTILE,
    read: quantiles(({ lastSecond }) => lastSecond),
  },
  {
    name: 'norn_lateness_seconds',
    kind: 'gauge',
    help: 'Sent minus due, of the measured time so far; quantile 1 is the largest.',
    labels: ['quantile'],
    read: ({ latenessMicros }) =>
      latenessMicros === null
        ? []
        : [
            { labels: { quantile: '0.99' }, value: latenessMicros.p99 / 1e6 },
            { labels: { quantile: '1' }, value: latenessMicros.max / 1e6 },
          ],
  },
];
