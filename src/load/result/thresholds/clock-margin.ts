// What clocks that are not the same leave open: times of clients on other machines are known to within a margin, and a threshold
// inside the margin neither holds nor fails. Latencies have two histograms of their own for it; other times have one margin.
import type { LATENCY_FIELDS, MetricName } from '../../plan/thresholds/metrics.ts';
import type { Threshold } from '../../plan/thresholds/parse-threshold.ts';
import type { AgentResult } from '../agents/fold-agents.ts';
import { hasWrongBounds, isWrongPublisher } from '../agents/wrong-bounds.ts';
import type { LoadtestResult } from '../result.ts';
import { isInTime } from './in-time/judge-in-time.ts';
import { LEAST_SAMPLES } from './in-time/worse.ts';
import { rowsOf } from './rows-of.ts';

/** How many readings of different clocks are in a value, where the coordinator publishes. */
const CLOCKS_IN: Partial<Record<MetricName, number>> = { latency: 1, recovery: 1, released: 1, skew: 2 };
/** No time of the publisher is in these. */
const WITHOUT_PUBLISHER: readonly MetricName[] = ['skew'];

type LatencyField = (typeof LATENCY_FIELDS)[number];

/** 0 on one machine; without end where a clock contradicted what was known of it. */
export function clockMarginMicros(agents: readonly AgentResult[] = []): number {
  const isUntrusted = ({ clockContradictions = 0, impossibleLatencies = 0 }: AgentResult) =>
    clockContradictions + impossibleLatencies > 0;
  if (agents.some(isUntrusted)) return Number.POSITIVE_INFINITY;
  return Math.max(0, ...agents.map(({ clockErrorMicros }) => clockErrorMicros));
}

/** The least and the greatest that the value may truly be. */
export function rangeOf(
  threshold: Threshold,
  value: number,
  result: Pick<LoadtestResult, 'agents' | 'isolation' | 'cohorts' | 'targets'>,
): readonly [least: number, most: number] {
  const { metric } = threshold;
  const { agents = [], isolation } = result;
  const bounds = metric === 'latency' && !isInTime(threshold) ? boundsOf(threshold, result) : undefined;
  if (bounds && !agents.some(hasWrongBounds)) return bounds;
  const largest = clockMarginMicros(agents);
  if (largest === 0) return [value, value];
  const hasOtherPublisher = agents.some(({ publishedEvents = 0 }) => publishedEvents > 0);
  const ofPublisher = hasOtherPublisher && !WITHOUT_PUBLISHER.includes(metric) ? 1 : 0;
  const clocks = CLOCKS_IN[metric] ?? 0;
  if (clocks > 0) {
    const both = (clocks + ofPublisher) * largest;
    return [value - both, value + both];
  }
  const margin = (1 + ofPublisher) * largest;
  const { baselineP99Micros: baseline, loadedP99Micros: loaded } = isolation;
  if (metric !== 'isolation' || baseline === null || loaded === null) return [value, value];
  return [
    Math.max(0, loaded - margin) / Math.max(1, baseline + margin),
    (loaded + margin) / Math.max(1, baseline - margin),
  ];
}

/** Of the histograms of all agents together. */
function boundsOf(
  threshold: Threshold,
  result: Pick<LoadtestResult, 'cohorts' | 'targets'>,
): readonly [least: number, most: number] | undefined {
  const bounds = rowsOf(result, threshold)[0]?.latencyBoundsMicros;
  const field = threshold.field as LatencyField;
  return bounds && [bounds.lower[field], bounds.upper[field]];
}

/** Of the latencies that one clock measured; undefined where there are too few of them, or that clock was set. */
export function ownClockValue(
  threshold: Threshold,
  result: Pick<LoadtestResult, 'agents' | 'cohorts' | 'targets'>,
): number | undefined {
  if (threshold.metric !== 'latency' || isInTime(threshold)) return undefined;
  if (result.agents?.some(isWrongPublisher)) return undefined;
  const own = rowsOf(result, threshold)[0]?.latencyBoundsMicros?.own;
  const field = threshold.field as LatencyField;
  return own === undefined || own.count < (LEAST_SAMPLES[field] ?? 1) ? undefined : own[field];
}
