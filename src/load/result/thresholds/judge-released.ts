// The threshold on how long sockets of evicted clients stay open. What was measured may be an interval: the threshold is
// breached only when the whole interval breaches it, and not judged where nothing was seen.
import { renderDurationRange } from '../../../units/duration.ts';
import type { Threshold } from '../../plan/thresholds/parse-threshold.ts';
import type { Eviction, ThresholdOutcome } from '../result.ts';

const SHARES: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p99: 0.99, max: 1 };

export interface ReleasedInterval {
  readonly leastMillis: number;
  /** Null: still open when last seen. */
  readonly mostMillis: number | null;
}

/** Of the labelled cohort or hub, or of all; undefined where no release was seen. */
export function readReleased(
  evictions: readonly Eviction[],
  { labelKey, label, field }: Pick<Threshold, 'labelKey' | 'label' | 'field'>,
): ReleasedInterval | undefined {
  const isChosen = ({ cohort, target }: Eviction) =>
    label === undefined || (labelKey === 'target' ? String(target) === label : cohort === label);
  const seen = evictions.flatMap((one) => (one.released && isChosen(one) ? [one.released] : []));
  if (seen.length === 0) return undefined;
  const at = (values: readonly number[]) =>
    [...values].sort((a, b) => a - b)[
      Math.max(0, Math.ceil(values.length * (SHARES[field ?? ''] ?? 1)) - 1)
    ] ?? 0;
  const most = at(seen.map(({ mostMillis }) => mostMillis ?? Number.POSITIVE_INFINITY));
  return {
    leastMillis: at(seen.map(({ leastMillis }) => leastMillis)),
    mostMillis: Number.isFinite(most) ? most : null,
  };
}

export function judgeReleased(
  threshold: Threshold,
  evictions: readonly Eviction[],
  isDecided: boolean,
  holds: (micros: number) => boolean,
): ThresholdOutcome {
  const { expr } = threshold;
  const interval = readReleased(evictions, threshold);
  if (interval === undefined)
    return { expr, observed: null, rendered: 'not observed', ok: true, isDecided: false };
  const { leastMillis, mostMillis } = interval;
  const judgedMillis = mostMillis !== null && holds(mostMillis * 1e3) ? mostMillis : leastMillis;
  const ok = holds(judgedMillis * 1e3);
  return {
    expr,
    observed: judgedMillis * 1e3,
    rendered: renderDurationRange(leastMillis, mostMillis),
    ok,
    isDecided: ok || isDecided,
  };
}
