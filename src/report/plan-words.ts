// What a plan says of its events and clients, in words that several reports share.
import type { PlanSummary } from '../load/plan/plan-summary.ts';

/** How fast events are published: `50 events/s`, stages of the rate, or the speed of the scenarios. */
export function rateWords({ ratePerSecond, rateStages, speed }: PlanSummary): string {
  if (rateStages !== undefined) return `${rateStages} events/s`;
  return ratePerSecond === null ? `${speed}x` : `${ratePerSecond} events/s`;
}

/** `; clients of fast: 30s:1000, 10s:0`, for each cohort with stages; empty without. */
export function stagesWords({ cohorts }: PlanSummary): string {
  return cohorts
    .map(({ name, stages }) => (stages === undefined ? '' : `; clients of ${name}: ${stages}`))
    .join('');
}

/** ` in 4 workers (each may open 20000 descriptors)`; where the user named the number, and in older results, without a reason. */
export function workerWords({
  workers,
  workersReason,
}: {
  readonly workers: number;
  readonly workersReason?: string | undefined;
}): string {
  const count = ` in ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  return workersReason === undefined ? count : `${count} (${workersReason})`;
}
