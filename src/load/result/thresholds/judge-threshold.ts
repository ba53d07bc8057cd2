// Whether a result keeps a threshold. A metric that was not measured does not.
import { renderMicros } from '../../../units/duration.ts';
import { renderCount } from '../../../units/rate.ts';
import type { EarlyStop } from '../../coordinator/run-control.ts';
import type { MetricName, Unit } from '../../plan/thresholds/metrics.ts';
import type { Threshold } from '../../plan/thresholds/parse-threshold.ts';
import { hasFilledQueues } from '../findings/slow-clients.ts';
import type { ThresholdOutcome } from '../result.ts';
import { clockMarginMicros, ownClockValue, rangeOf } from './clock-margin.ts';
import { isInTime, judgeInTime, type RenderedWindows } from './in-time/judge-in-time.ts';
import { holds } from './in-time/worse.ts';
import { judgeReleased } from './judge-released.ts';
import { type Measured, readMetric } from './read-metric.ts';

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

/** What more clients could have made more of. */
const GROWS_WITH_CLIENTS: readonly MetricName[] = [...CAUSED_BY_SLOWNESS, 'deliveries'];

interface Circumstances {
  readonly stop?: Pick<EarlyStop, 'by' | 'threshold'> | undefined;
  /** What became of a threshold in time. */
  readonly windowsOf?: ((threshold: Threshold) => RenderedWindows | undefined) | undefined;
}

/** Where a run ended early and the hub is still there, what does not hold yet might have held at its end, but for what ended it. */
export function judgeThresholds(
  thresholds: readonly Threshold[],
  result: Measured,
  { stop, windowsOf }: Circumstances = {},
): ThresholdOutcome[] {
  const isCutShort = stop !== undefined && stop.by !== 'target';
  return thresholds.map((threshold) => {
    const outcome = judgeThreshold(threshold, result, windowsOf?.(threshold));
    const isOpen = isCutShort && !outcome.ok && outcome.expr !== stop.threshold;
    return isOpen ? { ...outcome, isDecided: false } : outcome;
  });
}

/** `windows` is what became of a threshold in time. */
export function judgeThreshold(
  threshold: Threshold,
  result: Measured,
  windows?: RenderedWindows,
): ThresholdOutcome {
  const { expr, metric, unit } = threshold;
  if (metric === 'released') {
    const outcome = judgeReleased(threshold, result.evictions, !result.generator.limited, (micros) =>
      holds(threshold, micros),
    );
    return withinClocks(threshold, outcome, result);
  }
  if (isInTime(threshold)) {
    const outcome = judgeInTime(threshold, windows, (value) => renderValue(value, unit));
    const decided = outcome.isDecided && isDecided(threshold, result, outcome.observed);
    return withinClocks(threshold, { ...outcome, isDecided: decided }, result);
  }
  const observed = readMetric(result, threshold);
  const outcome = {
    expr,
    observed,
    rendered: observed === null ? 'not measured' : renderValue(observed, unit),
    ok: observed !== null && holds(threshold, observed),
    isDecided: isDecided(threshold, result, observed),
  };
  return withinClocks(threshold, outcome, result);
}

/** What another clock might have made the opposite is not decided. */
function withinClocks(threshold: Threshold, outcome: ThresholdOutcome, result: Measured): ThresholdOutcome {
  const { observed, ok } = outcome;
  if (observed === null) return outcome;
  const [least, most] = rangeOf(threshold, observed, result);
  if ([least, most].every((value) => holds(threshold, value) === ok)) return outcome;
  const own = ownClockValue(threshold, result);
  if (own !== undefined)
    return {
      ...outcome,
      rendered: `${renderValue(own, threshold.unit)} (of deliveries that one clock measured)`,
      observed: own,
      ok: holds(threshold, own),
    };
  const margin = clockMarginMicros(result.agents);
  const why = Number.isFinite(margin)
    ? `clocks of the machines are known to ${renderMicros(margin)}`
    : 'a clock of the machines cannot be trusted';
  const rendered = `${outcome.rendered} (not decided: ${why})`;
  return { ...outcome, rendered, ok: false, isDecided: false, isWithinClockError: true };
}

/** Whether a breach is the hub's, and not that of an overloaded generator, a slow route, or too little pressure. */
function isDecided(threshold: Threshold, result: Measured, observed: number | null): boolean {
  const { metric, unit, limit } = threshold;
  const isExcused = result.generator.limited;
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
  return (
    !(isExcused && dependsOnGenerator) &&
    !(isSlowRoute && dependsOnRoute) &&
    !lacksPressure &&
    !areAllAway &&
    !lacksClients(threshold, result, observed)
  );
}

/** Clients of which no account came might have made up for it. */
function lacksClients({ metric, limit }: Threshold, { cohorts }: Measured, observed: number | null): boolean {
  if (!cohorts.some(({ unaccountedClients }) => unaccountedClients)) return false;
  return observed === null || (GROWS_WITH_CLIENTS.includes(metric) && observed < limit);
}

function renderValue(value: number, unit: Unit): string {
  if (unit === 'micros') return renderMicros(value);
  if (unit === 'share') return `${Number((value * 100).toFixed(2))}%`;
  if (unit === 'factor') return `${value.toFixed(2)}x`;
  return unit === 'perSecond' ? `${renderCount(value)}/s` : renderCount(value);
}
