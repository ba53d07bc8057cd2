// Connecting cohorts, evenly over time. It ends when every first attempt has ended, well or not.
import type { Cohort } from '../../../client/cohort.ts';
import { countClients, type LoadPlan } from '../../plan/plan.ts';
import type { RunContext } from '../run-context.ts';

export const CONNECT_DEADLINE_MILLIS = 30_000;
/** The ramp may take twice its time before the deadline of a single connection counts. */
const RAMP_SLACK = 2;

export async function connectCohorts(
  { plan, pool, progress, control, publisher }: RunContext,
  names: readonly string[],
): Promise<void> {
  const cohorts = plan.cohorts.filter(({ name }) => names.includes(name));
  for (const cohort of cohorts)
    pool.join(cohort, clientsBefore(plan, cohort), plan.rampPerSecond, publisher.acceptedEvents);
  const clients = cohorts.reduce((total, cohort) => total + cohort.clients, 0);
  const rampMillis = (clients / plan.rampPerSecond) * 1e3;
  await control.waitUntil(
    () => progress.sum(names, 'attempted') >= clients,
    CONNECT_DEADLINE_MILLIS + RAMP_SLACK * rampMillis,
  );
}

/** The clients of all cohorts go to the hubs in turn. */
function clientsBefore({ cohorts }: LoadPlan, cohort: Cohort): number {
  return countClients(cohorts.slice(0, cohorts.indexOf(cohort)));
}
