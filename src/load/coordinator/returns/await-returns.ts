// Before the last event: clients that are on their way back get a moment, so that the event reaches everybody who is there.
import { longestDelayMillis } from '../../../client/reconnect/reconnect.ts';
import type { RunContext } from '../run-context.ts';

/** For an attempt itself, and for clients that wait their turn. */
const ATTEMPT_MILLIS = 5_000;
/** With delays of minutes a run does not wait for all of them. */
const LONGEST_WAIT_MILLIS = 30_000;

export async function awaitReturns({ plan, pool, progress, control }: RunContext): Promise<void> {
  const policies = plan.cohorts.flatMap(({ reconnect }) => reconnect ?? []);
  if (policies.length === 0) return;
  const names = plan.cohorts.map(({ name }) => name);
  const longestMillis = Math.max(...policies.map(longestDelayMillis)) + ATTEMPT_MILLIS;
  pool.refresh();
  await control.waitForRest(
    () => pool.isCurrent() && progress.sum(names, 'returning') === 0,
    Math.min(LONGEST_WAIT_MILLIS, longestMillis),
  );
  pool.stopReturning();
}
