// From a search's outcome to `find.json`.
import type { ReportedTarget } from '../../target/tls/reported-target.ts';
import { type LoadPlan, summarizePlan } from '../plan/plan.ts';
import { foldCurve } from './curve.ts';
import { FIND_SCHEMA_VERSION, type FindResult, type Varied } from './find-result.ts';
import type { FindOutcome } from './run-find.ts';
import { verdictOfAnswer } from './search.ts';

export interface FoldFindInput {
  readonly outcome: FindOutcome;
  readonly plan: LoadPlan;
  readonly vary: Varied;
  readonly kitVersion: string;
  readonly target: ReportedTarget;
  readonly startedAtWallMillis: number;
  readonly durationMillis: number;
  readonly budgetMillis: number;
}

export function foldFind(input: FoldFindInput): FindResult {
  const { outcome, plan } = input;
  const { stoppedBecause } = outcome;
  return {
    schemaVersion: FIND_SCHEMA_VERSION,
    kit: { name: 'norn-loadtest', version: input.kitVersion },
    target: input.target,
    vary: input.vary,
    plan: summarizePlan(plan),
    thresholds: plan.thresholds.map(({ expr }) => expr),
    seed: plan.seed,
    startedAt: new Date(input.startedAtWallMillis).toISOString(),
    durationMs: Math.round(input.durationMillis),
    budgetMillis: input.budgetMillis,
    environment: outcome.last?.environment ?? null,
    partial: stoppedBecause !== undefined,
    ...(stoppedBecause === undefined ? {} : { stoppedBecause }),
    verdict: verdictOfAnswer(outcome.answer),
    answer: outcome.answer,
    curve: foldCurve(outcome.steps),
    steps: outcome.steps,
  };
}
