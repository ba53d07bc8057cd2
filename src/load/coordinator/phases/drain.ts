// The end of the stream: a fence, a last event that every client that is owed it must receive, shows that nothing more
// arrives. Then slow clients read on, to show what they still get.
import { FENCE_EVENT } from '../../../session/own-events.ts';
import { keptNames, slowNames } from '../../plan/plan.ts';
import { describeBlocked } from '../../result/findings/findings.ts';
import type { RunContext } from '../run-context.ts';
import { judgePublishFailure } from './publish.ts';

const FENCE_DEADLINE_MILLIS = 15_000;
const DRAIN_DEADLINE_MILLIS = 12_000;
const LAST_DEADLINE_MILLIS = 3_000;

export async function drain(context: RunContext): Promise<void> {
  const { plan, publisher, progress, clock, control, pool, report } = context;
  control.enter('drain');
  if (control.stop !== undefined && control.stop.by !== 'user') return;
  const [kept, slow] = [keptNames(plan), slowNames(plan)];
  const publishFence = async () => {
    await publisher.publish([{ dueMicros: clock.nowMicros(), envelope: FENCE_EVENT }]);
    judgePublishFailure(context);
    return publisher.acceptedEvents;
  };
  const fence = await publishFence();
  const haveFence = () => progress.lowestNextSequence(kept) >= fence;
  const cameInTime = await control.waitForRest(haveFence, FENCE_DEADLINE_MILLIS);
  const stoodAt = progress.lowestNextSequence(kept);
  pool.drain();
  const areDone = () => progress.lowestNextSequence(slow) >= fence && (cameInTime || haveFence());
  const haveDrained = await control.waitForRest(areDone, DRAIN_DEADLINE_MILLIS);
  // Clients that read at once stood still, and went on when the slow ones read again: those had blocked everybody.
  if (!cameInTime && progress.lowestNextSequence(kept) > stoodAt) report(describeBlocked(stoodAt));
  if (!haveDrained && !publisher.failure) {
    // A client that is behind and gets this one was left out of some events; one that does not was forgotten.
    const last = await publishFence();
    const haveLast = () => progress.lowestNextSequence([...kept, ...slow]) >= last;
    await control.waitForRest(haveLast, LAST_DEADLINE_MILLIS);
  }
}
