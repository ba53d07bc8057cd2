// Limits that no run of this plan could keep are refused before it starts, with what they need.
import { describe, expect, it } from 'vitest';
import { createPlan, type PlanWords } from '../create-plan.ts';

const problemOf = (threshold: string, words: PlanWords = {}) => {
  const plan = createPlan({
    cohorts: ['fast=2', 'stall=1:stall(after=1)'],
    thresholds: [threshold],
    ...words,
  });
  return plan.ok ? undefined : `${plan.field}: ${plan.problem}`;
};
const faults = ['restart at=5s'];
const reconnect = ['immediately'];

describe('a threshold on what a fault costs', () => {
  it.each(['recovery.p99<5s', 'recovered.rate==100%', 'missed.max<50'])('needs a fault: %s', (threshold) => {
    const problem = `thresholds: "${threshold}" needs a fault, such as 'restart at=15s'`;
    expect(problemOf(threshold, { reconnect })).toBe(problem);
    expect(problemOf(threshold, { reconnect, faults })).toBeUndefined();
    expect(
      problemOf(threshold, { scenarios: ['deploy-of-the-hub'], durationMillis: 60_000 }),
    ).toBeUndefined();
  });

  it.each(['recovery.p99<5s', 'refused<10'])('needs clients that come back: %s', (threshold) => {
    expect(problemOf(threshold, { faults })).toBe(
      `thresholds: "${threshold}" needs clients that come back: set reconnect, such as 'immediately'`,
    );
    expect(problemOf(threshold, { faults, reconnect: ['stall=immediately'] })).toBeUndefined();
  });

  it('may count clients that do not come back: none recovers', () => {
    expect(problemOf('recovered.rate==100%', { faults })).toBeUndefined();
    expect(problemOf('missed.total<9', { faults })).toBeUndefined();
  });

  it('may limit failed returns without a fault', () => {
    expect(problemOf('refused<10', { reconnect })).toBeUndefined();
    expect(problemOf('refused<10', { cohorts: ['fast=2:churn(1s)'] })).toBeUndefined();
  });
});

describe('a share', () => {
  it.each(['evicted.rate==100', 'connected.rate>=99.5', 'recovered.rate==100'])(
    'has a %%: %s',
    (threshold) => {
      const [limit = ''] = /[\d.]+$/.exec(threshold) ?? [];
      expect(problemOf(threshold, { faults })).toBe(
        `thresholds: "${threshold}": the limit ${limit} is a share above 1; write ${limit}%`,
      );
    },
  );

  it('may be a number of at most 1; a rate of events has no such limit', () => {
    expect(problemOf('connected.rate==1')).toBeUndefined();
    expect(problemOf('evicted{cohort=stall}.rate==100%')).toBeUndefined();
    expect(problemOf('published.rate>=100')).toBeUndefined();
  });
});
