// The digest of a plan is that of what it says, whoever wrote it down.
import { expect, it } from 'vitest';
import type { PlanSummary } from '../../load/plan/plan-summary.ts';
import { decodePayload, encodePayload } from './payload.ts';
import { digestPlan } from './plan-digest.ts';

const PLAN = {
  ...{ scenarios: ['release-day'], speed: 1, ratePerSecond: null, durationMs: 5_000, warmupMillis: 0 },
  ...{ rampPerSecond: 100, workers: 4, httpLoadConnections: 0, workersReason: undefined },
  cohorts: [{ name: 'fast', clients: 10, behaviour: 'fast' }],
} as unknown as PlanSummary;

it('is the same on both sides of a message, in whatever order the fields are', () => {
  expect(digestPlan(decodePayload(encodePayload(PLAN)) as PlanSummary)).toBe(digestPlan(PLAN));
  const turned = Object.fromEntries(Object.entries(PLAN).reverse()) as unknown as PlanSummary;
  expect(digestPlan(turned)).toBe(digestPlan(PLAN));
});

it('is another one of another plan', () => {
  const cohorts = PLAN.cohorts.map((cohort) => ({ ...cohort, clients: 11 }));
  expect(digestPlan({ ...PLAN, cohorts })).not.toBe(digestPlan(PLAN));
  expect(digestPlan({ ...PLAN, workers: 5 })).not.toBe(digestPlan(PLAN));
});
