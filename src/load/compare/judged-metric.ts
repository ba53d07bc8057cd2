// One metric of a comparison, judged by its interval, or with the reason why not.
import type { ComparedMetric, CompareSettings } from './compare-result.ts';
import { judgeRatio, type RatioEstimate } from './statistics/ratio.ts';

type Figures = Omit<ComparedMetric, 'estimate' | 'verdict' | 'reason'>;

export function judged(
  metric: Figures,
  estimate: RatioEstimate,
  { relevantShare }: CompareSettings,
): ComparedMetric {
  return { ...metric, estimate, verdict: judgeRatio(estimate, metric.wanted, relevantShare) };
}

export function unjudged(metric: Figures, reason: string): ComparedMetric {
  return { ...metric, estimate: null, verdict: 'inconclusive', reason };
}

/** A difference that has another cause than the hub is none of its own; its interval still stands. */
export function excuse(metric: ComparedMetric, cause: string | undefined): ComparedMetric {
  if (cause === undefined || metric.verdict === 'same') return metric;
  return { ...metric, verdict: 'inconclusive', reason: cause };
}
