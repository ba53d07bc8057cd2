// What a limit means: whether a value holds it, and which of two values is further from holding it.
import type { Comparison, Threshold } from '../../../plan/thresholds/parse-threshold.ts';

const COMPARE: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
};

type Limit = Pick<Threshold, 'comparison' | 'limit'>;

export function holds({ comparison, limit }: Limit, value: number): boolean {
  return COMPARE[comparison](value, limit);
}

/** Of two windows the one to show. */
export function isWorse({ comparison, limit }: Limit, value: number, than: number): boolean {
  if (comparison === '<' || comparison === '<=') return value > than;
  if (comparison === '>' || comparison === '>=') return value < than;
  const distance = (one: number) => Math.abs(one - limit);
  return comparison === '==' ? distance(value) > distance(than) : distance(value) < distance(than);
}

/** Fewer deliveries say nothing of the field: at least one must lie above the percentile. */
export const LEAST_SAMPLES: Readonly<Record<string, number>> = {
  p50: 10,
  p90: 10,
  p99: 100,
  p999: 1_000,
  mean: 10,
  max: 1,
};

/** Whether a breach of the whole so far cannot be made up for. */
export function canOnlyGrow({ field, comparison }: Pick<Threshold, 'field' | 'comparison'>): boolean {
  return field === 'max' && (comparison === '<' || comparison === '<=');
}

/** Whether a count that never falls has broken the limit for good. */
export function isExceeded({ comparison, limit }: Limit, count: number): boolean {
  if (comparison === '<') return count >= limit;
  return (comparison === '<=' || comparison === '==') && count > limit;
}
