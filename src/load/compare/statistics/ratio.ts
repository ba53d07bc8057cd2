// B over A as an estimate with its interval, and what it means: better, same or worse. Apart because runs side by side
// and interleaved segments end in the same judgement.

export interface RatioEstimate {
  /** B over A. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

export type ComparedVerdict = 'better' | 'same' | 'worse' | 'inconclusive';

/** Which way a metric should go. */
export type Wanted = 'lower' | 'higher';

/**
 * A difference counts when chance is ruled out (the interval leaves out 1) and it is large enough to matter
 * (`relevantShare`: 0.05 is 5 %, either way).
 */
export function judgeRatio(estimate: RatioEstimate, wanted: Wanted, relevantShare: number): ComparedVerdict {
  const { ratio, low, high } = estimate;
  if (low > 1 && ratio >= 1 + relevantShare) return wanted === 'lower' ? 'worse' : 'better';
  if (high < 1 && ratio <= 1 / (1 + relevantShare)) return wanted === 'lower' ? 'better' : 'worse';
  return 'same';
}

/**
 * Faults are rare and should be none: two counts differ when B is above A by more than their own chance (`deviations`
 * of a Poisson count) and by a relevant share; from none at all, any fault is worse.
 */
export function judgeCounts(
  a: number,
  b: number,
  relevantShare: number,
  deviations: number,
): ComparedVerdict {
  if (a === b) return 'same';
  const [less, more] = [Math.min(a, b), Math.max(a, b)];
  const isFar = more - less > deviations * Math.sqrt(less + more) && more >= less * (1 + relevantShare);
  const isSure = less === 0 || isFar;
  if (!isSure) return 'same';
  return b > a ? 'worse' : 'better';
}

/** One verdict of many: anything worse is worse. */
export function foldVerdicts(verdicts: readonly ComparedVerdict[]): ComparedVerdict {
  for (const verdict of ['worse', 'better', 'same'] as const) if (verdicts.includes(verdict)) return verdict;
  return 'inconclusive';
}
