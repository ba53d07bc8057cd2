// Shows whether slow clients are the cause of a standstill: their cohorts read on one after the other, and the cohort after
// which the standstill ends is the one that caused it.
import { isSlow, mustBeEvicted } from '../../../client/behaviour.ts';
import type { Cohort } from '../../../client/cohort.ts';
import { type LoadPlan, slowNames } from '../../plan/plan.ts';
import type { RunContext } from '../run-context.ts';

/** A standstill that a cohort caused ends this soon after its clients read on. */
const RELEASE_WAIT_MILLIS = 2_000;
/** A hub that answers within this time, before anybody reads on, has recovered by itself. */
const RECOVERY_WAIT_MILLIS = 1_000;
const CONTROL_DEADLINE_MILLIS = 30_000;

/** The cohort whose clients, when they read on, ended it; undefined when none did. */
export async function releaseUntil(
  { plan, pool, control, watch }: Pick<RunContext, 'plan' | 'pool' | 'control' | 'watch'>,
  hasEnded: () => boolean,
): Promise<string | undefined> {
  await watch.endQueues();
  for (const { name } of suspects(plan)) {
    pool.drain([name]);
    if (await control.waitForRest(hasEnded, RELEASE_WAIT_MILLIS)) return name;
  }
  return undefined;
}

/** After a broadcast without an answer: the cohort that kept the hub from answering, where that shows. */
export async function findBlockingCohort(
  context: Pick<RunContext, 'plan' | 'pool' | 'control' | 'watch' | 'publisher'>,
): Promise<string | undefined> {
  let isAnswered = false;
  void context.publisher.control(CONTROL_DEADLINE_MILLIS).then((isTaken) => {
    isAnswered = isTaken;
  });
  if (await context.control.waitForRest(() => isAnswered, RECOVERY_WAIT_MILLIS)) return undefined;
  return releaseUntil(context, () => isAnswered);
}

/** Clients that stop reading come first, then those that read slowly, then the others that a hub need not keep. */
function suspects(plan: LoadPlan): Cohort[] {
  const names = slowNames(plan);
  const rank = ({ behaviour }: Cohort) => (mustBeEvicted(behaviour) ? 0 : isSlow(behaviour) ? 1 : 2);
  return plan.cohorts.filter(({ name }) => names.includes(name)).sort((a, b) => rank(a) - rank(b));
}
