// What a run must have measured before it passes.
import { describe, expect, it } from 'vitest';
import { foldVerdict, type VerdictInput } from './fold-verdict.ts';

const verdictOf = (over: Partial<VerdictInput>) =>
  foldVerdict({
    measuredEvents: 5,
    cohorts: [{ received: 5 }],
    generator: { limited: false },
    hasTargetFailed: false,
    isPartial: false,
    isObserved: false,
    findings: [],
    thresholds: [],
    ...over,
  } as unknown as VerdictInput);

describe('the verdict', () => {
  it('is passed where events of the measured time were published, and nothing is wrong', () => {
    expect(verdictOf({})).toBe('passed');
  });

  it('is inconclusive where events were published before the measured time only', () => {
    expect(verdictOf({ measuredEvents: 0 })).toBe('inconclusive');
  });

  it('is never passed without an agent, and failed where the others show a fault of the hub', () => {
    const lost = { name: 'agent-lost', severity: 'warning', message: 'agent b is lost' } as const;
    const fault = { name: 'duplicated', severity: 'error', message: '3 deliveries came twice' } as const;
    for (const isPartial of [false, true]) {
      expect(verdictOf({ findings: [lost], isPartial })).toBe('inconclusive');
      expect(verdictOf({ findings: [lost, fault], isPartial })).toBe('failed');
    }
  });
});
