// norn-loadtest compare as a function.

import { kitVersion } from '../kit/kit-version.ts';
import {
  NON_EMPTY_TEXT,
  numberFrom,
  type OptionRules,
  requireOptions,
  wholeNumber,
} from '../kit/option-rules.ts';
import type { CompareResult } from '../load/compare/compare-result.ts';
import { compareRuns as compareLabelledRuns } from '../load/compare/compare-runs.ts';
import type { LoadtestResult } from '../load/result/result.ts';

export interface CompareOptions {
  /** The smallest difference that counts; 0.05 is 5 %. Default 0.05. */
  readonly relevantShare?: number | undefined;
  /** Of each interval, 0.5 to 0.999. Default 0.99. */
  readonly confidence?: number | undefined;
  /** Random seed of the intervals. Default 1. */
  readonly seed?: number | undefined;
  /** What the two runs are called in the result. Default `A` and `B`. */
  readonly labelA?: string | undefined;
  readonly labelB?: string | undefined;
}

const COMPARE_RULES: OptionRules<CompareOptions> = {
  relevantShare: numberFrom(0, 10),
  confidence: numberFrom(0.5, 0.999),
  seed: wholeNumber(0, 2 ** 31 - 1),
  labelA: NON_EMPTY_TEXT,
  labelB: NON_EMPTY_TEXT,
};

/**
 * Compares two load tests metric by metric: the ratio of B to A with its interval, and whether B is better, the same
 * or worse.
 *
 * @returns The content of `compare.json`.
 * @throws {KitError} `BAD_OPTION`.
 * @example
 * const { verdict, metrics } = compareRuns(before, after, { relevantShare: 0.1 });
 * const worse = metrics.filter((metric) => metric.verdict === 'worse');
 */
export function compareRuns(
  a: LoadtestResult,
  b: LoadtestResult,
  options: CompareOptions = {},
): CompareResult {
  requireOptions(options, COMPARE_RULES);
  const { relevantShare = 0.05, confidence = 0.99, seed = 1, labelA = 'A', labelB = 'B' } = options;
  return compareLabelledRuns(
    { label: labelA, result: a },
    { label: labelB, result: b },
    { relevantShare, confidence, seed },
    kitVersion(),
  );
}
