// Which cohorts come back.
import { describe, expect, it } from 'vitest';
import { createPlan } from './create-plan.ts';

const plan = (...reconnect: string[]) =>
  createPlan({ cohorts: ['fast=2', 'lag=1:lag(50ms)', 'stalled=1:stall(after=1)'], reconnect });

const policies = (...reconnect: string[]) => {
  const created = plan(...reconnect);
  return created.ok
    ? created.value.cohorts.map((cohort) => cohort.reconnect?.kind)
    : `${created.field}: ${created.problem}`;
};

describe('a plan with clients that come back', () => {
  it('has none by default', () => {
    expect(policies()).toEqual([undefined, undefined, undefined]);
  });

  it('means the cohorts that a hub must keep, unless it names one', () => {
    expect(policies('backoff')).toEqual(['backoff', 'backoff', undefined]);
    expect(policies('backoff', 'lag=immediately', 'stalled=backoff')).toEqual([
      'backoff',
      'immediately',
      'backoff',
    ]);
    expect(policies('lag=immediately')).toEqual([undefined, 'immediately', undefined]);
  });

  it('names what is wrong', () => {
    expect(policies('lagg=immediately')).toBe(
      'reconnect: "lagg=immediately": no cohort "lagg"; did you mean lag?',
    );
    expect(policies('backoff', 'immediately')).toBe(
      'reconnect: "immediately": there is already a policy without a name',
    );
    expect(policies('often')).toContain('reconnect: "often" is not a way to come back');
  });
});
