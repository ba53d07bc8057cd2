// The end of the stream: a fence, a last event that every client that is owed it must receive, shows that nothing more
// arrives. Then slow clients read on, to show what they still get; and when those that read at once stood still until
// then, which cohort had kept them from it.
import { FENCE_EVENT } from '../../../session/own-events.ts';
import { keptNames, slowNames } from '../../plan/plan.ts';
import { describeBlocked } from '../../result/findings/blocked.ts';
import { judgePublishFailure } from '../publishing/judge-failure.ts';
import { awaitReturns } from '../returns/await-returns.ts';
import type { RunContext } from '../run-context.ts';
import { isCalledOff } from '../run-control.ts';
import { createStandstillWatch } from '../watch/standstill-watch.ts';
import { releaseUntil } from './release.ts';

/** Clients that read at once and receive nothing for so long stand still. */
const STANDSTILL_MILLIS = 5_000;
/** The same for slow clients that read on, and for the last event. */
const [SLOW_STANDSTILL_MILLIS, LAST_STANDSTILL_MILLIS] = [12_000, 3_000];
/** While events arrive they are waited for: a hub or a proxy may have gigabytes to send. Not longer than this. */
const REST_DEADLINE_MILLIS = 120_000;

export async function drain(context: RunContext): Promise<void> {
  const { plan, publisher, progress, clock, control, pool, watch } = context;
  control.enter('drain');
  if (control.stop !== undefined && !isCalledOff(control.stop)) return;
  const [kept, slow] = [keptNames(plan), slowNames(plan)];
  const publishFence = async () => {
    await publisher.publish([{ dueMicros: clock.nowMicros(), envelope: FENCE_EVENT }]);
    await judgePublishFailure(context);
    return publisher.acceptedEvents;
  };
  await awaitReturns(context);
  // The fence itself may overflow a queue.
  await watch.endQueues();
  const fence = await publishFence();
  // Who came back and has no event yet is in no client's sequence.
  const hasEverybody = () => progress.sum(kept, 'waiting') === 0;
  const haveFence = () => progress.lowestNextSequence(kept) >= fence && hasEverybody();
  await awaitFence(context, haveFence);
  const cameInTime = haveFence();
  // A hub that was silent so far may deliver the fence, a little after the others.
  const everybodyHasFence = () => progress.lowestNextSequence(kept, true) >= fence && hasEverybody();
  if (cameInTime) await control.waitForRest(everybodyHasFence, LAST_STANDSTILL_MILLIS);
  pool.drain(slow);
  const areDone = () => progress.lowestNextSequence(slow) >= fence && (cameInTime || haveFence());
  // Clients that came back and got nothing had the time of the others.
  const lackOnlyReturns = () => slow.length === 0 && progress.lowestNextSequence(kept) >= fence;
  await restWhileMoving(context, () => areDone() || lackOnlyReturns(), slow, SLOW_STANDSTILL_MILLIS);
  if (!areDone() && !publisher.failure) {
    // A client that is behind and gets this one was left out of some events; one that does not was forgotten.
    const last = await publishFence();
    const all = [...kept, ...slow];
    await restWhileMoving(
      context,
      () => progress.lowestNextSequence(all) >= last,
      all,
      LAST_STANDSTILL_MILLIS,
    );
  }
}

/** Until `isDone`, or clients of `cohorts` receive nothing more; resolves with whether that is why. */
async function restWhileMoving(
  { clock, control, pool, progress }: RunContext,
  isDone: () => boolean,
  cohorts: readonly string[],
  standstillMillis: number,
): Promise<boolean> {
  const watch = createStandstillWatch(clock, () => progress.lowestNextSequence(cohorts), pool.isCurrent);
  const standsStill = () => watch.stoodMillis() >= standstillMillis;
  const isOver = await control.waitForRest(() => isDone() || standsStill(), REST_DEADLINE_MILLIS);
  if (!isOver && control.stop === undefined)
    control.stopEarly(
      'kit',
      `clients still received events ${REST_DEADLINE_MILLIS / 1e3} s after the last was published: what was on its way then is not judged`,
    );
  return !isDone() && standsStill();
}

/** Until clients that read at once have the fence. When they stand still, reports the cohort that they wait for. */
async function awaitFence(context: RunContext, haveFence: () => boolean): Promise<void> {
  const { plan, progress, clock, publisher, report } = context;
  const kept = keptNames(plan);
  if (!(await restWhileMoving(context, haveFence, kept, STANDSTILL_MILLIS))) return;
  const stoodAt = progress.lowestNextSequence(kept);
  const sinceMicros = publisher.log.acceptedAtMicros(stoodAt) ?? clock.nowMicros();
  const stoodMillis = (clock.nowMicros() - sinceMicros) / 1e3;
  const open = progress.sum(kept, 'open');
  // A client that is gone would leave the others ahead.
  const goOn = () => progress.lowestNextSequence(kept) > stoodAt && progress.sum(kept, 'open') === open;
  const cohort = await releaseUntil(context, goOn);
  if (cohort !== undefined) report(describeBlocked({ lastEvent: stoodAt - 1, cohort, stoodMillis }));
}
