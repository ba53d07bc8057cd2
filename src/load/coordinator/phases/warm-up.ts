// The join barrier: a client takes part from the first event it has seen, because hubs may register clients late. Events
// of this phase are not measured.
import { hubsOf } from '../../../target/replicas/joined-targets.ts';
import { keptNames } from '../../plan/plan.ts';
import { describeSilence } from '../../result/findings/findings.ts';
import type { RunContext } from '../run-context.ts';
import { createSilentHubWatch } from '../watch/silent-hubs.ts';

const JOIN_DEADLINE_MILLIS = 20_000;

/** The event from which everybody who must be kept is owed every event; undefined when some never joined. */
export async function warmUp(context: RunContext): Promise<number | undefined> {
  const { plan, target, clock, control, pool, progress, publisher, report } = context;
  control.enter('warm-up');
  const kept = keptNames(plan);
  const startMicros = clock.nowMicros();
  const countSilent = () => progress.sum(kept, 'open') - progress.sum(kept, 'joined');
  const silentHubs = createSilentHubWatch(hubsOf(target).length, kept, progress, clock);
  // What a silent hub does not deliver is lost, and counted like everything else.
  const countLate = () =>
    countSilent() - silentHubs().reduce((sum, hub) => sum + progress.sum(kept, 'open', hub), 0);
  const hasJoined = await control.waitUntil(() => countLate() <= 0, JOIN_DEADLINE_MILLIS);
  for (const hub of silentHubs()) progress.leaveOut(hub);
  await control.pauseUntil(startMicros + (plan.warmupMillis - pool.armMillis) * 1e3);
  if (hasJoined) return publisher.acceptedEvents;
  // Without an accepted event nobody can have missed one.
  if (control.stop === undefined && publisher.acceptedEvents > 0)
    report(describeSilence(countSilent(), JOIN_DEADLINE_MILLIS / 1e3));
  return undefined;
}
