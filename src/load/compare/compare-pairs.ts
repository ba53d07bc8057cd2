// Interleaved segments of two hubs, metric by metric: each pair gives one ratio, and the pairs together its interval.
import type { ReportedTarget } from '../../target/tls/reported-target.ts';
import type { LoadtestResult } from '../result/result.ts';
import {
  COMPARE_SCHEMA_VERSION,
  type ComparedMetric,
  type ComparedSide,
  type ComparedUnit,
  type CompareResult,
  type CompareSettings,
} from './compare-result.ts';
import { compareFaults } from './faults.ts';
import { foldMetrics, judged, unjudged } from './judged-metric.ts';
import { keptNames } from './kept-cohorts.ts';
import type { InterleavedOutcome, Pair, Segment, Side } from './run-interleaved.ts';
import type { Wanted } from './statistics/ratio.ts';
import { estimatePairedRatio, leastPairs } from './statistics/signed-rank.ts';
import { type ComparedLatency, clockMarginsOf, withinClocks } from './within-clocks.ts';

const PERCENTILES = ['p50', 'p90', 'p99', 'max'] as const;

interface Reading {
  readonly name: string;
  readonly unit: ComparedUnit;
  readonly wanted: Wanted;
  /** False for what the load generator's own slowness does not spoil. */
  readonly isTime: boolean;
  /** From one machine to another, where there are several. */
  readonly latency?: ComparedLatency;
  readonly read: (segment: Segment) => number | null;
}

export interface PairedSide {
  readonly label: string;
  readonly target: ReportedTarget;
}

export function comparePairs(
  outcome: InterleavedOutcome,
  sides: { readonly a: PairedSide; readonly b: PairedSide },
  settings: CompareSettings,
  kitVersion: string,
): CompareResult {
  const { pairs, stoppedBecause } = outcome;
  const [resultsA, resultsB] = [resultsOf(pairs, 'a'), resultsOf(pairs, 'b')];
  const [first] = pairs;
  const names = first ? keptNames(first.a.result, first.b.result) : [];
  const metrics = [
    ...readings(names).map((reading) => comparePaired(reading, pairs, settings)),
    ...(pairs.length === 0
      ? []
      : compareFaults(
          pairs.map(({ a, b }) => ({ a: a.result, b: b.result })),
          settings,
        )),
  ];
  return {
    schemaVersion: COMPARE_SCHEMA_VERSION,
    kit: { name: 'norn-loadtest', version: kitVersion },
    mode: 'interleaved',
    ...settings,
    pairs: pairs.length,
    partial: stoppedBecause !== undefined,
    ...(stoppedBecause === undefined ? {} : { stoppedBecause }),
    a: describeSide(sides.a, resultsA),
    b: describeSide(sides.b, resultsB),
    verdict: foldMetrics(metrics),
    metrics,
    notes: stoppedBecause === undefined ? [] : [`ended early: ${stoppedBecause}`],
  };
}

function readings(names: readonly string[]): Reading[] {
  const latencies = names.flatMap((name) =>
    PERCENTILES.map(
      (percentile): Reading => ({
        name: `latency{cohort=${name}}.${percentile}`,
        unit: 'micros',
        wanted: 'lower',
        isTime: true,
        latency: { cohort: name, field: percentile },
        read({ result }) {
          const latency = result.cohorts.find((cohort) => cohort.name === name)?.latencyMicros;
          return latency === undefined || latency.count === 0 ? null : latency[percentile];
        },
      }),
    ),
  );
  return [
    ...latencies,
    {
      name: 'deliveries.rate',
      unit: 'perSecond',
      wanted: 'higher',
      isTime: true,
      read: ({ result }) => result.throughput.deliveriesPerSecond,
    },
    {
      name: "hub's CPU for a delivery",
      unit: 'micros',
      wanted: 'lower',
      isTime: false,
      read: ({ result, hubCpuSeconds }) =>
        hubCpuSeconds === null || result.ledger.received === 0
          ? null
          : (hubCpuSeconds * 1e6) / result.ledger.received,
    },
  ];
}

function comparePaired(reading: Reading, pairs: readonly Pair[], settings: CompareSettings): ComparedMetric {
  const { name, unit, wanted, isTime, latency, read } = reading;
  const usable = pairs.filter(
    ({ a, b }) => !isTime || !(a.result.generator.limited || b.result.generator.limited),
  );
  const values = usable.flatMap(({ a, b }) => {
    const [one, other] = [read(a), read(b)];
    return one !== null && other !== null && one > 0 && other > 0 ? [{ a: one, b: other }] : [];
  });
  const metric = {
    name,
    unit,
    wanted,
    a: medianOf(values.map(({ a }) => a)),
    b: medianOf(values.map(({ b }) => b)),
  };
  const ratios = values.map(({ a, b }) => b / a);
  const estimate = estimatePairedRatio(ratios, settings.confidence);
  if (estimate) {
    const found = judged(metric, estimate, settings);
    if (latency === undefined) return found;
    const margins = clockMarginsOf(latency, resultsOf(usable, 'a'), resultsOf(usable, 'b'));
    return withinClocks(found, margins, settings);
  }
  const limited = pairs.length - usable.length;
  return unjudged(
    metric,
    `needs ${leastPairs(settings.confidence)} pairs, there were ${values.length}${limited > 0 ? ` (the load generator was the limit in ${limited})` : ''}`,
  );
}

const resultsOf = (pairs: readonly Pair[], side: Side) => pairs.map((pair) => pair[side].result);

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

function describeSide({ label, target }: PairedSide, results: readonly LoadtestResult[]): ComparedSide {
  const [first] = results;
  return {
    label,
    target,
    startedAt: first?.startedAt ?? '',
    clients: first?.cohorts.reduce((sum, { clients }) => sum + clients, 0) ?? 0,
    verdicts: results.map(({ verdict }) => verdict),
  };
}
