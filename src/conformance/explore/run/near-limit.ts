// Clients that read on near the limit of their buffer: after seconds with half of it full, and in the moment in which it
// overflows, when a hub evicts some and goes on with others. Whatever becomes of them, what they received has no gap.
import { HIDDEN_BYTES } from '../../../fixture/judge/model.ts';
import { createRandom } from '../../../kit/random.ts';
import { base64 } from '../../inputs/content.ts';
import { HALF_FULL_MILLIS, type Plan } from '../program/plan.ts';
import type { HubSession } from './hub-session.ts';
import type { Member } from './member.ts';
import type { Publisher } from './publishing/publisher.ts';
import {
  countWaiting,
  fillingBatch,
  fillingEvents,
  LEAST_COMPRESSED_SHARE,
  resumeReading,
  SETTLE_MILLIS,
  stopReading,
} from './stalled-clients.ts';

/** Around the full buffer, in messages: hubs count a little differently. */
const [FEWEST_BEFORE, MOST_BEYOND] = [4, 6];
const EVENTS_MEANWHILE = 6;

/**
 * Their buffers hold something for longer than hubs keep what expires; then they read on. They send no Pings: where the
 * writer is stuck, libraries such as gorilla/websocket give up a Pong after a second.
 */
export async function stallHalfFull(
  session: HubSession,
  plan: Plan,
  stalled: readonly Member[],
  publisher: Publisher,
): Promise<void> {
  const half = session.parts.bounds.clientBufferMessages >> 1;
  const padding = base64(createRandom(plan.content.seed, 'half full'), plan.stallBytes);
  const batch = Math.min(half, fillingBatch(plan, session.parts.bounds.windowEvents));
  await fill({
    session,
    plan,
    stalled,
    publisher,
    padding,
    untilWaiting: half - batch,
    batchAt: () => batch,
  });
  await session.pause(HALF_FULL_MILLIS);
  resumeReading(session, stalled);
  await publisher.fence();
}

/** Every other one reads on as the buffers overflow, the rest later. */
export async function readOnAtOverflow(
  session: HubSession,
  plan: Plan,
  stalled: readonly Member[],
  publisher: Publisher,
): Promise<void> {
  const { clientBufferMessages, windowEvents } = session.parts.bounds;
  const random = createRandom(plan.content.seed, 'overflow');
  const padding = base64(random, plan.stallBytes);
  const untilWaiting = clientBufferMessages + random.between(-FEWEST_BEFORE, MOST_BEYOND);
  const batch = fillingBatch(plan, windowEvents);
  // Close to the limit one by one, so that it is not passed by many.
  const batchAt = (waiting: number): number => (waiting + 2 * batch < untilWaiting ? batch : 1);
  await fill({ session, plan, stalled, publisher, padding, untilWaiting, batchAt });
  resumeReading(
    session,
    stalled.filter((_, at) => at % 2 === 0),
  );
  const each = { batch: 1, producers: 1, form: 'compact' };
  for (let at = 0; at < EVENTS_MEANWHILE && !publisher.isStuck; at++)
    await publisher.publish(fillingEvents(at, 1, padding), each);
  resumeReading(
    session,
    stalled.filter(({ client }) => client?.isReading === false),
  );
}

interface Filling {
  readonly session: HubSession;
  readonly plan: Plan;
  readonly stalled: readonly Member[];
  readonly publisher: Publisher;
  readonly padding: string;
  readonly untilWaiting: number;
  readonly batchAt: (waiting: number) => number;
}

/** Publishes until so many messages wait in the hub for one of them; where that is not seen, until as many were published. */
async function fill(parts: Filling): Promise<void> {
  const { session, plan, stalled, publisher, padding, untilWaiting, batchAt } = parts;
  const mostEvents = untilWaiting + Math.ceil(HIDDEN_BYTES / (plan.stallBytes * LEAST_COMPRESSED_SHARE));
  stopReading(session, stalled);
  for (const member of stalled) member.fate = 'either';
  let [count, waiting] = [0, 0];
  while (waiting < untilWaiting && count < mostEvents) {
    if (publisher.isStuck || session.parts.signal.aborted) return;
    const batch = batchAt(waiting);
    await publisher.publish(fillingEvents(count, batch, padding), { batch, producers: 1, form: 'compact' });
    count += batch;
    await session.pause(SETTLE_MILLIS);
    const seen = (await countWaiting(session, plan, stalled, count)).filter(Number.isFinite);
    waiting = seen.length === 0 ? count : Math.max(...seen);
  }
}
