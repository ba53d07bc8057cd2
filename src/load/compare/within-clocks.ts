// What clocks of several machines leave open of a comparison of latencies: a verdict holds if it holds wherever the true values are.

import type { LatencySummary } from '../../ledger/latency/latency-histogram.ts';
import { renderMicros } from '../../units/duration.ts';
import { hasWrongBounds } from '../result/agents/wrong-bounds.ts';
import type { LoadtestResult } from '../result/result.ts';
import { clockMarginMicros } from '../result/thresholds/clock-margin.ts';
import type { ComparedMetric, CompareSettings } from './compare-result.ts';
import { judgeRatio } from './statistics/ratio.ts';

export interface ClockMargins {
  readonly aMicros: number;
  readonly bMicros: number;
}

export interface ComparedLatency {
  readonly cohort: string;
  readonly field: Exclude<keyof LatencySummary, 'count'>;
}

/** The largest of each side. */
export function clockMarginsOf(
  latency: ComparedLatency,
  a: readonly LoadtestResult[],
  b: readonly LoadtestResult[],
): ClockMargins {
  const largest = (results: readonly LoadtestResult[]) =>
    Math.max(0, ...results.map((result) => marginOf(latency, result)));
  return { aMicros: largest(a), bMicros: largest(b) };
}

/** How far off a latency may be. */
function marginOf({ cohort, field }: ComparedLatency, { agents = [], cohorts }: LoadtestResult): number {
  const { latencyMicros, latencyBoundsMicros: bounds } = cohorts.find(({ name }) => name === cohort) ?? {};
  if (latencyMicros === undefined || bounds === undefined || agents.some(hasWrongBounds))
    return clockMarginMicros(agents);
  const value = latencyMicros[field];
  return Math.max(value - bounds.lower[field], bounds.upper[field] - value);
}

export function withinClocks(
  metric: ComparedMetric,
  { aMicros, bMicros }: ClockMargins,
  { relevantShare }: CompareSettings,
): ComparedMetric {
  const { a, b, estimate, verdict, wanted } = metric;
  const largest = Math.max(aMicros, bMicros);
  if (largest === 0 || estimate === null || a === null || b === null) return metric;
  if (!Number.isFinite(largest))
    return { ...metric, verdict: 'inconclusive', reason: 'a clock of the machines cannot be trusted' };
  const least = Math.max(0, b - bMicros) / (a + aMicros);
  const most = a > aMicros ? (b + bMicros) / (a - aMicros) : Number.POSITIVE_INFINITY;
  const judgements = [least, most].map((extreme) => {
    const factor = extreme / (b / a);
    const { ratio, low, high } = estimate;
    const shifted = { ratio: ratio * factor, low: low * factor, high: high * factor };
    return judgeRatio(shifted, wanted, relevantShare);
  });
  if (judgements.every((one) => one === verdict)) return metric;
  const reason = `clocks of the machines are known to ${renderMicros(largest)}, which leaves it open`;
  return { ...metric, verdict: 'inconclusive', reason };
}
