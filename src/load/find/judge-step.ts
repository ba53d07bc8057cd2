// One step of a search from the result of its run: did the level hold, was it the hub that failed, or the generator?
import { mustBeKept } from '../../client/behaviour.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { CohortResult, Finding, FindingName, LoadtestResult } from '../result/result.ts';
import type { FindStep } from './find-result.ts';
import type { StepOutcome } from './search.ts';

/** What a load may cause; other findings (the origin rule, a schema) are the same at every level and are left out. */
const CAUSED_BY_LOAD: readonly FindingName[] = [
  'lost',
  'blocked',
  'forgotten',
  'fast-evicted',
  'not-connected',
  'unbalanced',
  'publish',
];
/** Less than this share of the wanted events: the level was not reached. */
const LEAST_RATE_SHARE = 0.97;

export interface StepJudgement {
  readonly outcome: StepOutcome;
  /** Why it did not hold, one sentence. */
  readonly reason?: string;
  readonly cause?: string;
}

interface Obstacle {
  readonly cause: string;
  readonly reason: string;
}

/**
 * A slow generator reads late, and what reads late is evicted and misses deliveries: a step that does not hold says
 * nothing of the hub then. One that holds all the same did hold.
 */
export function judgeStep(result: LoadtestResult, plan: LoadPlan): StepJudgement {
  const gap = whyIncomplete(result);
  if (gap) return { outcome: 'limited', ...gap };
  const obstacle = whyNotHeld(result, plan);
  if (obstacle === undefined) return judgeOpen(result);
  const limit = result.generator.reasons[0];
  return limit === undefined
    ? { outcome: 'failed', ...obstacle }
    : { outcome: 'limited', reason: `${limit}; ${obstacle.reason}`, cause: `generator, ${obstacle.cause}` };
}

/** What came of a step that ended early, or without a part of its clients, is not what the level would have shown. */
function whyIncomplete({
  findings,
  partial,
  hasTargetFailed,
  stoppedBecause,
}: LoadtestResult): Obstacle | undefined {
  const lost = findings.find(({ name }) => name === 'agent-lost');
  if (lost) return { cause: lost.name, reason: lost.message };
  return partial && !hasTargetFailed
    ? { cause: 'ended', reason: stoppedBecause ?? 'the step ended early' }
    : undefined;
}

function judgeOpen({ thresholds }: LoadtestResult): StepJudgement {
  const open = thresholds.find(({ isWithinClockError }) => isWithinClockError);
  return open === undefined
    ? { outcome: 'passed' }
    : { outcome: 'limited', cause: open.expr, reason: `${open.expr}: ${open.rendered}` };
}

function whyNotHeld(result: LoadtestResult, plan: LoadPlan): Obstacle | undefined {
  // With a slow generator findings are warnings: no fault of the hub, but the level did not hold.
  const counts = (severity: Finding['severity']) => severity === 'error' || result.generator.limited;
  const finding = result.findings.find(
    ({ name, severity }) => counts(severity) && CAUSED_BY_LOAD.includes(name),
  );
  if (finding) return { cause: finding.name, reason: finding.message };
  if (result.hasTargetFailed)
    return { cause: 'target', reason: result.stoppedBecause ?? 'the hub went away' };
  const breached = result.thresholds.find(({ ok, isWithinClockError }) => !ok && !isWithinClockError);
  if (breached) return { cause: breached.expr, reason: `${breached.expr}: ${breached.rendered}` };
  const wanted = plan.ratePerSecond ?? 0;
  const published = result.throughput.publishedPerSecond;
  return published < wanted * LEAST_RATE_SHARE
    ? { cause: 'rate', reason: `only ${published} of ${wanted} events/s could be published` }
    : undefined;
}

export type StepFigures = Omit<
  FindStep,
  'level' | 'outcome' | 'reason' | 'cause' | 'startedAtMillis' | 'durationMs' | 'othersCpuShare'
>;

export function readFigures(result: LoadtestResult, plan: LoadPlan): StepFigures {
  const keptNames = plan.cohorts.filter(({ behaviour }) => mustBeKept(behaviour)).map(({ name }) => name);
  const kept = result.cohorts.filter(({ name }) => keptNames.includes(name));
  const total = (key: 'evicted' | 'lost') => kept.reduce((sum, cohort) => sum + cohort[key], 0);
  return {
    p50Micros: worst(kept, 'p50'),
    p99Micros: worst(kept, 'p99'),
    publishedPerSecond: result.throughput.publishedPerSecond,
    deliveriesPerSecond: result.throughput.deliveriesPerSecond,
    evicted: total('evicted'),
    lost: total('lost'),
  };
}

function worst(cohorts: readonly CohortResult[], key: 'p50' | 'p99'): number | null {
  const values = cohorts
    .filter(({ latencyMicros }) => latencyMicros.count > 0)
    .map(({ latencyMicros }) => latencyMicros[key]);
  return values.length === 0 ? null : Math.max(...values);
}
