// The result of a capacity search: `find.json`. Data only; reports are functions of it.

import type { Verdict } from '../../files/verdict.ts';
import type { ReportedTarget } from '../../target/tls/reported-target.ts';
import type { PlanSummary } from '../plan/plan-summary.ts';
import type { Environment } from '../result/result.ts';
import type { Answer, StepOutcome } from './search.ts';

export const FIND_SCHEMA_VERSION = 2;

/** What the search varies: events per second, or clients of the first cohort that must be kept. */
export type Varied = 'rate' | 'clients';

export interface FindResult {
  readonly schemaVersion: typeof FIND_SCHEMA_VERSION;
  readonly kit: { readonly name: string; readonly version: string };
  readonly target: ReportedTarget;
  readonly vary: Varied;
  /** The plan of every step but for what is varied. */
  readonly plan: PlanSummary;
  readonly thresholds: readonly string[];
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly budgetMillis: number;
  /** Null when no step ended. */
  readonly environment: Environment | null;
  /** True when the search was stopped or the hub went away; the answer is from the steps until then. */
  readonly partial: boolean;
  readonly stoppedBecause?: string;
  /** passed: a capacity, or the highest level asked for passed; failed: no level passed; inconclusive: anything else. */
  readonly verdict: Verdict;
  readonly answer: Answer;
  /** By level, ascending. */
  readonly curve: readonly CurvePoint[];
  /** In the order they were made. */
  readonly steps: readonly FindStep[];
}

/** One level over all its steps: medians. */
export interface CurvePoint {
  readonly level: number;
  readonly steps: number;
  readonly passed: number;
  readonly failed: number;
  readonly limited: number;
  readonly p50Micros: number | null;
  readonly p99Micros: number | null;
  readonly deliveriesPerSecond: number;
  readonly evicted: number;
}

export interface FindStep {
  readonly level: number;
  readonly outcome: StepOutcome;
  /** Why it did not pass, one sentence. */
  readonly reason?: string;
  /**
   * What kept it from passing, the same for steps whose reasons differ only in numbers: the name of a finding, a threshold,
   * `target`, or `rate`; absent in older files.
   */
  readonly cause?: string;
  /** From the start of the search. */
  readonly startedAtMillis: number;
  readonly durationMs: number;
  /** Share of all cores that neither the hub nor the load generator used, 0 to 1; null where it cannot be known. */
  readonly othersCpuShare: number | null;
  /** Of the cohort that must be kept and is worst off; null when nothing came. */
  readonly p50Micros: number | null;
  readonly p99Micros: number | null;
  readonly publishedPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** Clients that must be kept and were ended by the hub. */
  readonly evicted: number;
  readonly lost: number;
}
