// Connecting cohorts, evenly over time. It ends when every first attempt has ended, well or not.
import { countClients } from '../../plan/plan.ts';
import type { RunContext } from '../run-context.ts';

export const CONNECT_DEADLINE_MILLIS = 30_000;
/** The ramp may take twice its time before the deadline of a single connection counts. */
const RAMP_SLACK = 2;

export async function connectCohorts(
  { plan, pool, progress, control }: RunContext,
  names: readonly string[],
): Promise<void> {
  const cohorts = plan.cohorts.filter(({ name }) => names.includes(name));
  for (const cohort of cohorts) {
    const before = plan.cohorts.slice(0, plan.cohorts.indexOf(cohort));
    pool.join(cohort, countClients(before), plan.rampPerSecond);
  }
  const clients = countClients(cohorts);
  const rampMillis = (clients / plan.rampPerSecond) * 1e3;
  await control.waitUntil(
    () => progress.sum(names, 'attempted') >= clients,
    CONNECT_DEADLINE_MILLIS + RAMP_SLACK * rampMillis,
  );
}
