// The join barrier: a client takes part from the first event it has seen, because hubs may register clients late. Events
// of this phase are not measured.
import { keptNames } from '../../plan/plan.ts';
import { describeSilence } from '../../result/findings/findings.ts';
import type { RunContext } from '../run-context.ts';

const JOIN_DEADLINE_MILLIS = 20_000;

/** The event from which everybody who must be kept is owed every event; undefined when some never joined. */
export async function warmUp(context: RunContext): Promise<number | undefined> {
  const { plan, clock, control, progress, publisher, report } = context;
  control.enter('warm-up');
  const kept = keptNames(plan);
  const startMicros = clock.nowMicros();
  const countSilent = () => progress.sum(kept, 'open') - progress.sum(kept, 'joined');
  const hasJoined = await control.waitUntil(() => countSilent() <= 0, JOIN_DEADLINE_MILLIS);
  await control.pauseUntil(startMicros + plan.warmupMillis * 1e3);
  if (hasJoined) return publisher.acceptedEvents;
  // Without an accepted event nobody can have missed one.
  if (control.stop === undefined && publisher.acceptedEvents > 0)
    report(describeSilence(countSilent(), JOIN_DEADLINE_MILLIS / 1e3));
  return undefined;
}
