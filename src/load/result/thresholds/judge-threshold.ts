// Whether a result keeps a threshold. A metric that was not measured does not.
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import type { EarlyStop } from '../../coordinator/run-control.ts';
import type { MetricName, Unit } from '../../plan/thresholds/metrics.ts';
import type { Comparison, Threshold } from '../../plan/thresholds/parse-threshold.ts';
import { hasFilledQueues } from '../findings/slow-clients.ts';
import type { ThresholdOutcome } from '../result.ts';
import { judgeReleased } from './judge-released.ts';
import { type Measured, readMetric } from './read-metric.ts';

const COMPARE: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
};

const TIMES: readonly Unit[] = ['micros', 'factor', 'perSecond'];
/** Counts that an overloaded generator can cause by itself, besides all times and rates. */
const CAUSED_BY_SLOWNESS: readonly MetricName[] = [
  'lost',
  'received',
  'connected',
  'failures',
  'evicted',
  'recovered',
  'missed',
  'refused',
];

/** Where the user or the kit ended a run early, what does not hold yet might have held at its end. */
export function judgeThresholds(
  thresholds: readonly Threshold[],
  result: Measured,
  stop?: Pick<EarlyStop, 'by'>,
): ThresholdOutcome[] {
  const isCutShort = stop?.by === 'user' || stop?.by === 'kit';
  return thresholds.map((threshold) => {
    const outcome = judgeThreshold(threshold, result);
    return isCutShort && !outcome.ok ? { ...outcome, isDecided: false } : outcome;
  });
}

export function judgeThreshold(threshold: Threshold, result: Measured): ThresholdOutcome {
  const { expr, metric, unit, comparison, limit } = threshold;
  const isExcused = result.generator.limited;
  if (metric === 'released')
    return judgeReleased(threshold, result.evictions, !isExcused, (micros) =>
      COMPARE[comparison](micros, limit),
    );
  const observed = readMetric(result, threshold);
  // An answer with a status is the hub's own.
  const isAnswer = metric === 'failures' && /^\d/.test(threshold.cause ?? '');
  const dependsOnGenerator = TIMES.includes(unit) || (CAUSED_BY_SLOWNESS.includes(metric) && !isAnswer);
  const isSlowRoute = result.pace?.limitedBy === 'route';
  // What a slow route itself does is its rate; times and evictions are those of a load that was not planned.
  const dependsOnRoute = metric !== 'published' && (TIMES.includes(unit) || metric === 'evicted');
  const isBelowEvictions = metric === 'evicted' && (observed ?? 0) < limit;
  const lacksPressure = isBelowEvictions && !hasFilledQueues(result.pressure);
  // A fault dropped all of them, and they did not come back.
  const areAllAway = metric === 'evicted' && observed === null && result.cohorts.some(({ away }) => away);
  return {
    expr,
    observed,
    rendered: observed === null ? 'not measured' : renderValue(observed, unit),
    ok: observed !== null && COMPARE[comparison](observed, limit),
    isDecided:
      !(isExcused && dependsOnGenerator) && !(isSlowRoute && dependsOnRoute) && !lacksPressure && !areAllAway,
  };
}

function renderValue(value: number, unit: Unit): string {
  if (unit === 'micros') return renderMicros(value);
  if (unit === 'share') return `${Number((value * 100).toFixed(2))}%`;
  if (unit === 'factor') return `${value.toFixed(2)}x`;
  return unit === 'perSecond' ? `${renderCount(value)}/s` : renderCount(value);
}
