// One metric of a comparison, judged by its interval, or with the reason why not.
import type { ComparedMetric, CompareSettings } from './compare-result.ts';
import { type ComparedVerdict, foldVerdicts, judgeRatio, type RatioEstimate } from './statistics/ratio.ts';

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

/** A difference with another cause than the hub is inconclusive; its interval stays. */
export function excuse(metric: ComparedMetric, cause: string | undefined): ComparedMetric {
  if (cause === undefined || metric.verdict === 'same') return metric;
  return { ...metric, verdict: 'inconclusive', reason: cause };
}

/** The verdict of a comparison. Faults that neither hub has do not make two hubs the same when nothing was measured. */
export function foldMetrics(metrics: readonly ComparedMetric[]): ComparedVerdict {
  const verdict = foldVerdicts(metrics.map((metric) => metric.verdict));
  const isMeasured = metrics.some((metric) => metric.unit !== 'count' && metric.verdict !== 'inconclusive');
  return verdict === 'same' && !isMeasured ? 'inconclusive' : verdict;
}
