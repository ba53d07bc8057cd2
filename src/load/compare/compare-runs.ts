// Two load tests, metric by metric: how B differs from A, with an interval where chance plays a part.
import { createRandom } from '../../kit/random.ts';
import { MEASURED_PHASES } from '../plan/phase.ts';
import type { CohortResult, LoadtestResult } from '../result/result.ts';
import {
  COMPARE_SCHEMA_VERSION,
  type ComparedMetric,
  type ComparedSide,
  type CompareResult,
  type CompareSettings,
} from './compare-result.ts';
import { describeDifferences } from './differences.ts';
import { compareFaults } from './faults.ts';
import { excuse, foldMetrics, judged, unjudged } from './judged-metric.ts';
import { keptNames } from './kept-cohorts.ts';
import { cpuMicrosPerDelivery, explainByMachine } from './machine-noise.ts';
import {
  compareQuantile,
  compareSeries,
  type LatencySample,
  LEAST_EVENTS_BEYOND,
  LEAST_SECONDS,
} from './statistics/bootstrap.ts';
import { createQuantiles } from './statistics/quantiles.ts';
import type { Wanted } from './statistics/ratio.ts';
import { clockMarginsOf, withinClocks } from './within-clocks.ts';

/** Percentiles, and the series of each second that shows their drift. */
const PERCENTILES = [
  { name: 'p50', share: 0.5, series: 'p50Micros' },
  { name: 'p90', share: 0.9, series: 'p99Micros' },
  { name: 'p99', share: 0.99, series: 'p99Micros' },
  { name: 'p999', share: 0.999, series: 'p99Micros' },
] as const;

export interface LabelledRun {
  readonly label: string;
  readonly result: LoadtestResult;
}

export function compareRuns(
  a: LabelledRun,
  b: LabelledRun,
  settings: CompareSettings,
  kitVersion: string,
): CompareResult {
  const metrics = [
    ...keptNames(a.result, b.result).flatMap((name) => compareLatency(name, a.result, b.result, settings)),
    ...compareSeconds(a.result, b.result, settings),
    compareWork(a.result, b.result),
    ...compareFaults([{ a: a.result, b: b.result }], settings),
  ];
  return {
    schemaVersion: COMPARE_SCHEMA_VERSION,
    kit: { name: 'norn-loadtest', version: kitVersion },
    mode: 'runs',
    ...settings,
    pairs: 0,
    partial: a.result.partial || b.result.partial,
    a: describeSide(a),
    b: describeSide(b),
    verdict: foldMetrics(metrics),
    metrics,
    notes: describeDifferences(a.result, b.result),
  };
}

function describeSide({ label, result }: LabelledRun): ComparedSide {
  return {
    label,
    target: result.target,
    startedAt: result.startedAt,
    clients: result.cohorts.reduce((sum, { clients }) => sum + clients, 0),
    verdicts: [result.verdict],
  };
}

function compareLatency(
  name: string,
  a: LoadtestResult,
  b: LoadtestResult,
  settings: CompareSettings,
): ComparedMetric[] {
  const [samplesA, samplesB] = [createSamples(a, name), createSamples(b, name)];
  return PERCENTILES.map((percentile) => {
    const [one, other] = [samplesA(percentile.series), samplesB(percentile.series)];
    const { share } = percentile;
    const hasNone = one.quantiles.count === 0 || other.quantiles.count === 0;
    const metric = {
      name: `latency{cohort=${name}}.${percentile.name}`,
      unit: 'micros',
      wanted: 'lower',
      a: one.quantiles.count === 0 ? null : one.quantiles.at(share),
      b: other.quantiles.count === 0 ? null : other.quantiles.at(share),
    } as const;
    const fewest = Math.min(one.events, other.events);
    const reason = hasNone
      ? 'not measured in both runs'
      : (whyNoTimes(a, b) ??
        (fewest * (1 - share) < LEAST_EVENTS_BEYOND
          ? `needs ${Math.ceil(LEAST_EVENTS_BEYOND / (1 - share))} events, there were ${Math.floor(fewest)}`
          : undefined));
    if (reason !== undefined) return unjudged(metric, reason);
    const random = createRandom(settings.seed, metric.name);
    const estimate = compareQuantile(one, other, share, settings.confidence, random);
    const found = judged(metric, estimate, settings);
    const latencyMicros = { a: one.quantiles.at(share), b: other.quantiles.at(share) };
    const excused = excuse(found, explainByMachine(percentile.name, estimate, latencyMicros, a, b));
    const margins = clockMarginsOf({ cohort: name, field: percentile.name }, [a], [b]);
    return withinClocks(excused, margins, settings);
  });
}

function createSamples(result: LoadtestResult, name: string) {
  const cohort = result.cohorts.find((one) => one.name === name) as CohortResult;
  const quantiles = createQuantiles(cohort.histogram);
  const seconds = measuredSeconds(result);
  return (series: 'p50Micros' | 'p99Micros'): LatencySample => ({
    quantiles,
    events: result.lateness.count,
    perSecondMicros: seconds.filter(({ deliveries }) => deliveries > 0).map((second) => second[series]),
  });
}

type Second = Omit<LoadtestResult['timeline'][number], 'phase'>;

/** Whole seconds of the measured time; the first and the last are cut by it, and a second without a delivery counts as 0. */
/** How much there was to deliver is decided by the plan, not by the hub. */
function whyNoRates(a: LoadtestResult, b: LoadtestResult): string | undefined {
  return loadOf(a) === loadOf(b) ? undefined : 'another plan: not as much was to be delivered in A and B';
}

function loadOf({ plan: { cohorts, scenarios, ratePerSecond, rateStages, speed } }: LoadtestResult): string {
  const events =
    ratePerSecond === null && rateStages === undefined ? { scenarios, speed } : { ratePerSecond, rateStages };
  return JSON.stringify([
    cohorts.map(({ clients, behaviour, stages }) => [clients, behaviour, stages]),
    events,
  ]);
}

function measuredSeconds({ timeline }: LoadtestResult): Second[] {
  const inside = timeline.filter(({ phase }) => MEASURED_PHASES.includes(phase)).slice(1, -1);
  const end = inside.at(-1);
  const [first, last] = [inside[0]?.second ?? 0, end ? end.second + (end.seconds ?? 1) - 1 : -1];
  const bySecond = new Map(inside.flatMap(eachSecond).map((one) => [one.second, one]));
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const silence = { deliveries: 0, p50Micros: 0, p99Micros: 0, evicted: 0 };
    return bySecond.get(first + index) ?? { second: first + index, ...silence };
  });
}

/** Of a long run, a row may be several seconds. */
function eachSecond(row: LoadtestResult['timeline'][number]): LoadtestResult['timeline'][number][] {
  const { seconds = 1 } = row;
  return Array.from({ length: seconds }, (_, at) => ({
    ...row,
    second: row.second + at,
    deliveries: row.deliveries / seconds,
  }));
}

function compareSeconds(a: LoadtestResult, b: LoadtestResult, settings: CompareSettings): ComparedMetric[] {
  const [secondsA, secondsB] = [measuredSeconds(a), measuredSeconds(b)];
  const compare = (
    name: string,
    unit: 'perSecond' | 'micros',
    wanted: Wanted,
    read: (of: Second) => number,
  ) => {
    const [one, other] = [secondsA.map(read), secondsB.map(read)];
    const metric = { name, unit, wanted, a: meanOf(one), b: meanOf(other) };
    const fewest = Math.min(one.length, other.length);
    const reason =
      whyNoTimes(a, b) ??
      (fewest < LEAST_SECONDS ? `needs ${LEAST_SECONDS} whole seconds, there were ${fewest}` : undefined) ??
      (unit === 'perSecond' ? whyNoRates(a, b) : undefined);
    if (reason !== undefined) return unjudged(metric, reason);
    const random = createRandom(settings.seed, name);
    const found = judged(metric, compareSeries(one, other, settings.confidence, random), settings);
    if (unit !== 'micros' || found.estimate === null) return found;
    const latencyMicros = { a: metric.a ?? 0, b: metric.b ?? 0 };
    return excuse(found, explainByMachine('p99', found.estimate, latencyMicros, a, b));
  };
  return [
    compare('deliveries.rate', 'perSecond', 'higher', ({ deliveries }) => deliveries),
    compare('p99 of each second', 'micros', 'lower', ({ p99Micros }) => p99Micros),
  ];
}

/** For the reader: a single number has no interval. */
function compareWork(a: LoadtestResult, b: LoadtestResult): ComparedMetric {
  const [one, other] = [cpuMicrosPerDelivery(a), cpuMicrosPerDelivery(b)];
  const metric = {
    name: "hub's CPU for a delivery",
    unit: 'micros',
    wanted: 'lower',
    a: one,
    b: other,
  } as const;
  return unjudged(
    metric,
    one === null || other === null ? 'not measured in both runs' : 'one number for each run has no interval',
  );
}

/** Where the generator was the limit, times are its own. */
function whyNoTimes(a: LoadtestResult, b: LoadtestResult): string | undefined {
  const sides = [...(a.generator.limited ? ['A'] : []), ...(b.generator.limited ? ['B'] : [])];
  return sides.length === 0 ? undefined : `the load generator was the limit in ${sides.join(' and ')}`;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
