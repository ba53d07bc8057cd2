// The end of the stream: a last event that everyone who is owed it must have, so that "nothing more arrives" is a fact
// and not a guess. Then slow clients read on, to show what they still get.

import { mustBeKept } from '../../client/behaviour.ts';
import type { Clock } from '../../time/clock.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { RollCall } from './cohort-progress.ts';
import type { Publisher } from './publisher.ts';

const FENCE_DEADLINE_MILLIS = 15_000;
const DRAIN_DEADLINE_MILLIS = 12_000;
const LAST_DEADLINE_MILLIS = 3_000;

export interface FenceContext {
  readonly plan: LoadPlan;
  readonly publisher: Publisher;
  readonly rollCall: RollCall;
  readonly clock: Clock;
  readonly drainSlowClients: () => void;
  readonly waitUntil: (condition: () => boolean, deadlineMillis: number) => Promise<boolean>;
}

/**
 * Undefined when all is as it should be, or cannot be told. A sequence when the clients that read at once stood still
 * there until the slow ones read on: those had blocked everybody.
 */
export async function raiseFence({
  plan,
  publisher,
  rollCall,
  clock,
  drainSlowClients,
  waitUntil,
}: FenceContext): Promise<number | undefined> {
  const kept = plan.cohorts.filter(({ behaviour }) => mustBeKept(behaviour)).map(({ name }) => name);
  const others = plan.cohorts.map(({ name }) => name).filter((name) => !kept.includes(name));
  const envelope = {
    type: 'deploy.progress',
    appId: 'norn-loadtest',
    payload: { sagaId: 'fence', message: 'fence' },
  };
  const publishFence = async () => {
    await publisher.publish([{ dueMicros: clock.nowMicros(), envelope }]);
    return publisher.acceptedEvents;
  };
  const fence = await publishFence();
  const haveFence = () => rollCall.lowestNextSequence(kept) >= fence;
  const cameInTime = await waitUntil(haveFence, FENCE_DEADLINE_MILLIS);
  const stoodAt = rollCall.lowestNextSequence(kept);
  drainSlowClients();
  const areDone = () => rollCall.lowestNextSequence(others) >= fence && (cameInTime || haveFence());
  const haveDrained = await waitUntil(areDone, DRAIN_DEADLINE_MILLIS);
  const blockedAt = !cameInTime && rollCall.lowestNextSequence(kept) > stoodAt ? stoodAt : undefined;
  if (!haveDrained && !publisher.failure) {
    // Who is behind and gets this one was left out of some events; who does not was forgotten.
    const last = await publishFence();
    await waitUntil(() => rollCall.lowestNextSequence([...kept, ...others]) >= last, LAST_DEADLINE_MILLIS);
  }
  return blockedAt;
}
