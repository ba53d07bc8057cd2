// The curve of a search: what each level did over all its steps, as medians, so that one noisy step bends nothing.
import type { CurvePoint, FindStep } from './find-result.ts';
import { tallyLevels } from './search.ts';

export function foldCurve(steps: readonly FindStep[]): CurvePoint[] {
  return tallyLevels(steps).map(({ level, steps: count, passed, failed, limited }) => {
    const here = steps.filter((step) => step.level === level);
    const middle = (read: (step: FindStep) => number | null) =>
      medianOf(here.map(read).filter((value) => value !== null));
    return {
      level,
      steps: count,
      passed,
      failed,
      limited,
      p50Micros: middle(({ p50Micros }) => p50Micros),
      p99Micros: middle(({ p99Micros }) => p99Micros),
      deliveriesPerSecond: middle(({ deliveriesPerSecond }) => deliveriesPerSecond) ?? 0,
      evicted: middle(({ evicted }) => evicted) ?? 0,
    };
  });
}

/** The lower of the two in the middle of an even number, so that it is one that was measured. */
function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
