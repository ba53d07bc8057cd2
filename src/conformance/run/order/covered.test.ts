// What follows for a check from the result of the one that shows the same and more.
import { describe, expect, it } from 'vitest';
import { buildCheckResult } from '../../../testing/builders/conformance-result-builder.ts';
import { CHECKS } from '../../registry.ts';
import { isCovered, resultFrom } from './covered.ts';

const check = CHECKS.find(({ coveredBy }) => coveredBy !== undefined) as (typeof CHECKS)[number];
const id = check.coveredBy as string;

describe('a check that another one covers', () => {
  it('does not run where the other one has begun', () => {
    expect(isCovered(check, new Set([id]))).toBe(true);
    expect(isCovered(check, new Set())).toBe(false);
    expect(isCovered({ ...check, coveredBy: undefined as never }, new Set([id]))).toBe(false);
  });

  it('passes with the other one, which its evidence names', () => {
    const evidence = [`${id} has shown it`];
    expect(resultFrom(check, buildCheckResult({ id, verdict: 'pass' }))).toMatchObject({
      ...{ id: check.id, verdict: 'pass', evidence },
    });
  });

  it('is blocked by the other one when that fails', () => {
    expect(resultFrom(check, buildCheckResult({ id, verdict: 'fail' }))).toMatchObject({
      ...{ id: check.id, verdict: 'skip', blockedBy: id },
    });
  });

  it.each(['skip', 'error', 'warn'] as const)('has no result when the other one is: %s', (verdict) => {
    expect(resultFrom(check, buildCheckResult({ id, verdict }))).toBeUndefined();
    expect(resultFrom(check, undefined)).toBeUndefined();
  });
});
