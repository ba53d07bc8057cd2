// A finding that follows from another names it, whatever its cohort; nothing is dropped.
import { describe, expect, it } from 'vitest';
import type { Finding, FindingName } from '../result.ts';
import { nameCauses } from './consequences.ts';

const error = (name: FindingName, cohort?: string): Finding => ({
  name,
  severity: 'error',
  message: name,
  ...(cohort === undefined ? {} : { cohort }),
});
const causes = (...findings: Finding[]) =>
  nameCauses(findings).map(({ name, followsFrom }) => [name, followsFrom]);

describe('nameCauses', () => {
  it('puts the order of sagas below the eviction of clients that must be kept', () => {
    expect(causes(error('fast-evicted', 'fast'), error('saga-order'))).toEqual([
      ['fast-evicted', undefined],
      ['saga-order', 'fast-evicted'],
    ]);
  });

  it('names the first cause of a chain', () => {
    const found = [
      error('saga-order'),
      error('lost', 'fast'),
      error('not-evicted', 'stall'),
      error('blocked'),
    ];
    expect(causes(...found)).toEqual([
      ['saga-order', 'blocked'],
      ['lost', 'blocked'],
      ['not-evicted', 'blocked'],
      ['blocked', undefined],
    ]);
  });

  it('does not explain a loss by what happened to another cohort', () => {
    expect(causes(error('forgotten', 'stall'), error('lost', 'fast'))).toEqual([
      ['forgotten', undefined],
      ['lost', undefined],
    ]);
  });

  it('leaves a finding without a cause alone, and weighs a consequence no more than its cause', () => {
    expect(nameCauses([error('saga-order')])).toEqual([error('saga-order')]);
    const excused: Finding = { ...error('lost', 'fast'), severity: 'warning' };
    expect(nameCauses([excused, error('saga-order')])[1]).toMatchObject({ severity: 'warning' });
  });
});
