// The metrics of a run while it goes on: one list for every output, with Prometheus' names and base units.

import type { ProgressView } from '../coordinator/run-options.ts';
import { AGENT_METRICS } from './agent-metrics.ts';
import { LATENCY_BOUNDS_MICROS } from './latency-buckets.ts';
import type { LiveMetric, LiveNumber } from './live-metric.ts';

type Cohort = ProgressView['cohorts'][number];

type ReadNumbers = (view: ProgressView) => readonly LiveNumber[];

const ofCohorts =
  (value: (cohort: Cohort) => number): ReadNumbers =>
  ({ cohorts }) =>
    cohorts.map((cohort) => ({ labels: { cohort: cohort.name }, value: value(cohort) }));

/** p50 and p99 of each cohort that has any. */
const quantiles =
  (of: (latency: NonNullable<Cohort['latency']>) => { p50Micros: number; p99Micros: number }): ReadNumbers =>
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
    name: 'norn_connections_total',
    kind: 'counter',
    help: 'Connection attempts that the hub accepted.',
    labels: COHORT,
    read: ofCohorts(({ connected }) => connected),
  },
  {
    name: 'norn_connection_failures_total',
    kind: 'counter',
    help: 'Connection attempts that failed, by cause, such as a status.',
    labels: ['cohort', 'cause'],
    read: ({ cohorts }) =>
      cohorts.flatMap(({ name, failures = {} }) =>
        Object.entries(failures).map(([cause, value]) => ({ labels: { cohort: name, cause }, value })),
      ),
  },
  {
    name: 'norn_clients_open',
    kind: 'gauge',
    help: 'Clients that are connected.',
    labels: COHORT,
    read: ofCohorts(({ open }) => open),
  },
  {
    name: 'norn_clients_joined',
    kind: 'gauge',
    help: 'Connected clients that have seen an event of the run.',
    labels: COHORT,
    read: ofCohorts(({ joined }) => joined),
  },
  {
    name: 'norn_clients_away',
    kind: 'gauge',
    help: 'Clients that lost their connection and are about to come back.',
    labels: COHORT,
    read: (view) => (view.returns === undefined ? [] : ofCohorts(({ away = 0 }) => away)(view)),
  },
  {
    name: 'norn_return_attempts_total',
    kind: 'counter',
    help: 'Connection attempts of clients that come back, well or not.',
    labels: [],
    read: ({ returns }) => (returns === undefined ? [] : [{ labels: {}, value: returns.attempts }]),
  },
  {
    name: 'norn_return_failures_total',
    kind: 'counter',
    help: 'Those of them that failed.',
    labels: [],
    read: ({ returns }) => (returns === undefined ? [] : [{ labels: {}, value: returns.failedAttempts }]),
  },
  {
    name: 'norn_faults_total',
    kind: 'counter',
    help: 'Faults that have begun.',
    labels: [],
    read: ({ faults }) => (faults === undefined ? [] : [{ labels: {}, value: faults.begun }]),
  },
  {
    name: 'norn_faults_active',
    kind: 'gauge',
    help: 'Faults that are on.',
    labels: [],
    read: ({ faults }) =>
      faults === undefined ? [] : [{ labels: {}, value: faults.inView.filter(({ isOn }) => isOn).length }],
  },
  ...AGENT_METRICS,
  {
    name: 'norn_latency_seconds',
    kind: 'histogram',
    help: 'From when an event was due until a client had it, of the measured time so far.',
    labels: COHORT,
    bounds: LATENCY_BOUNDS_MICROS.map((micros) => micros / 1e6),
    read: ({ cohorts }) =>
      cohorts.flatMap(({ name, latency }) =>
        latency === null
          ? []
          : [
              {
                labels: { cohort: name },
                counts: latency.buckets.counts,
                sum: latency.buckets.sumMicros / 1e6,
              },
            ],
      ),
  },
  {
    name: 'norn_latency_quantile_seconds',
    kind: 'gauge',
    help: 'Quantiles of the same, within 1 %, as the result will have them.',
    labels: COHORT_QUANTILE,
    read: quantiles((latency) => latency),
  },
  {
    name: 'norn_latency_last_second_seconds',
    kind: 'gauge',
    help: 'The same quantiles of the latest whole second alone.',
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
  {
    name: 'norn_hub_resident_memory_bytes',
    kind: 'gauge',
    help: 'Memory of the process of the hub under test, where it can be read.',
    labels: [],
    read: ({ hub }) => (hub === null ? [] : [{ labels: {}, value: hub.rssBytes }]),
  },
  {
    name: 'norn_hub_cpu_seconds_total',
    kind: 'counter',
    help: 'CPU time of the process of the hub under test, where it can be read.',
    labels: [],
    read: ({ hub }) => (hub === null ? [] : [{ labels: {}, value: hub.cpuSeconds }]),
  },
];
