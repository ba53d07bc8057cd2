// What clocks that are not the same leave open: times of clients on other machines are known to within a margin, and a threshold
// inside the margin neither holds nor fails.
import type { MetricName } from '../../plan/thresholds/metrics.ts';
import type { AgentResult } from '../agents/fold-agents.ts';
import type { LoadtestResult } from '../result.ts';

/** How many readings of different clocks are in a value. */
const CLOCKS_IN: Partial<Record<MetricName, number>> = { latency: 1, recovery: 1, released: 1, skew: 2 };

/** 0 on one machine; without end where a clock contradicted what was known of it. */
export function clockMarginMicros(agents: readonly AgentResult[] = []): number {
  if (agents.some(({ clockContradictions = 0 }) => clockContradictions > 0)) return Number.POSITIVE_INFINITY;
  return Math.max(0, ...agents.map(({ clockErrorMicros }) => clockErrorMicros));
}

/** The least and the greatest that the value may truly be. */
export function rangeOf(
  metric: MetricName,
  value: number,
  { agents, isolation }: Pick<LoadtestResult, 'agents' | 'isolation'>,
): readonly [least: number, most: number] {
  const margin = clockMarginMicros(agents);
  if (margin === 0) return [value, value];
  const clocks = CLOCKS_IN[metric] ?? 0;
  if (clocks > 0) return [value - clocks * margin, value + clocks * margin];
  const { baselineP99Micros: baseline, loadedP99Micros: loaded } = isolation;
  if (metric !== 'isolation' || baseline === null || loaded === null) return [value, value];
  return [
    Math.max(0, loaded - margin) / Math.max(1, baseline + margin),
    (loaded + margin) / Math.max(1, baseline - margin),
  ];
}
