// Clients that join by stages until the measured time ends: before anything else follows, their attempts to connect have ended, and
// each has seen an event, for which a few more are published; a client that gets none of these in several seconds is deaf.
import { FENCE_EVENT } from '../../../session/own-events.ts';
import { clientsInAll } from '../../plan/stages/client-stages.ts';
import { CONNECT_DEADLINE_MILLIS } from '../phases/connect.ts';
import { judgePublishFailure } from '../publishing/judge-failure.ts';
import type { RunContext } from '../run-context.ts';

/** Longer than a hub has to register a client, see worker/newcomers.ts. */
const JOIN_DEADLINE_MILLIS = 7_000;
/** Between two events that newcomers may get. */
const EVENT_MILLIS = 500;

/** Nobody joins any more, and every attempt has ended; events are published meanwhile. */
export async function endStages({ plan, pool, progress, control }: RunContext): Promise<void> {
  const staged = plan.cohorts.filter(({ stages }) => stages !== undefined);
  pool.endStages();
  const names = staged.map(({ name }) => name);
  const clients = staged.reduce((sum, cohort) => sum + clientsInAll(cohort, plan.durationMillis), 0);
  await control.waitUntil(
    () => progress.sum(names, 'attempted') >= clients && progress.sum(names, 'returning') === 0,
    CONNECT_DEADLINE_MILLIS + (clients / plan.rampPerSecond) * 1e3,
  );
}

/** After the last event of the scenario. */
export async function settleNewcomers(context: RunContext): Promise<void> {
  const { plan, clock, control, progress, publisher } = context;
  const names = plan.cohorts.flatMap(({ name, stages }) => (stages === undefined ? [] : [name]));
  const haveJoined = () => progress.sum(names, 'joined') >= progress.sum(names, 'open');
  const untilMicros = clock.nowMicros() + JOIN_DEADLINE_MILLIS * 1e3;
  while (!haveJoined() && clock.nowMicros() < untilMicros) {
    if (control.stop !== undefined || publisher.failure) return;
    await publisher.publish([{ dueMicros: clock.nowMicros(), envelope: FENCE_EVENT }]);
    await judgePublishFailure(context);
    await control.waitUntil(haveJoined, EVENT_MILLIS);
  }
}
