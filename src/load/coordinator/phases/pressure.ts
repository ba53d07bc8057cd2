// Kernels take what a stalled client does not read, so a run's own events may never fill the hub's queue. Pressure sends more
// until the hub has closed the sockets of all stalled clients, or until more waits in the hub for each of them than a bound.
// It is paced by the clients that read. Then it gives the hub time to close the sockets.
import { pressureEvent } from '../../../session/own-events.ts';
import { WINDOW_EVENTS } from '../../../session/window.ts';
import { countClients, evictedNames, keptNames } from '../../plan/plan.ts';
import { releaseLimitMillis } from '../../plan/thresholds/release-limit.ts';
import type { PressureResult } from '../../result/parts/pressure.ts';
import { judgePublishFailure } from '../publishing/judge-failure.ts';
import { fillerOf } from '../publishing/pressure/filler.ts';
import { createPressureSize, type PressureSize } from '../publishing/pressure/pressure-size.ts';
import type { RunContext } from '../run-context.ts';
import { createPressureSteps, limitsOf, type PressureSteps, type QueuedInHub } from './pressure-steps.ts';
import { createStalledWatch } from './stalled-watch.ts';

/** For a hub that has too much to do. */
const BUSY_WAIT_MICROS = 500_000;
/** What seems to wait in the hub may be owed to clients that it has evicted and not closed yet, so it allows no larger bursts. */
const BATCH_EVENTS = WINDOW_EVENTS / 4;
/** What the clients receive together of one request: a hub that must pass on more is not slow when it takes seconds. */
const FAN_OUT_BYTES = 8 * 1024 * 1024;
const LEAST_EVENT_BYTES = 1024;
const ACK_DEADLINE_MILLIS = 10_000;
/** A hub without a limit is not filled longer than this. */
const PRESSURE_DEADLINE_MILLIS = 60_000;
/** Sockets are seen to be closed a little later. */
const RELEASE_SLACK_MILLIS = 1_000;

export async function applyPressure(context: RunContext, hasSmallWindow: boolean): Promise<PressureResult> {
  const { plan, progress, clock, control } = context;
  control.enter('pressure');
  const stalled = createStalledWatch(context);
  const limits = limitsOf({
    hasSmallWindow,
    isBehindProxy: context.target.proxy !== undefined,
    clientBufferMessages: plan.clientBufferMessages,
    clients: countClients(plan.cohorts),
    stalledClients: progress.sum(evictedNames(plan), 'open'),
  });
  const steps = createPressureSteps(limits);
  const size = sizeFor(countClients(plan.cohorts), limits.largeBytes);
  const untilMicros = clock.nowMicros() + PRESSURE_DEADLINE_MILLIS * 1e3;
  let isWhole = true;
  while (isWhole) {
    await stalled.look();
    const queued = stalled.leastQueued();
    if (steps.isOver(queued) || control.stop !== undefined || stalled.areAllClosed(false)) break;
    isWhole = clock.nowMicros() < untilMicros && (await pressOnce(context, steps, size, queued));
  }
  const queued = stalled.leastQueued();
  if (isWhole)
    await control.waitUntil(
      () => stalled.areAllClosed(true),
      releaseLimitMillis(plan) + RELEASE_SLACK_MILLIS,
    );
  return {
    ...steps.sent(),
    isWhole,
    queuedMessages: queued?.messages ?? null,
    queuedBytes: queued?.bytes ?? null,
  };
}

function sizeFor(clients: number, largeBytes: number): PressureSize {
  const perClient = FAN_OUT_BYTES / clients;
  const eventBytes = Math.max(LEAST_EVENT_BYTES, Math.min(largeBytes, Math.floor(perClient)));
  const events = Math.min(BATCH_EVENTS, Math.floor(perClient / eventBytes));
  return createPressureSize(eventBytes, Math.max(1, events));
}

/** A batch of events, and the wait until clients that read have most of it; false when that fails. */
async function pressOnce(
  context: RunContext,
  steps: PressureSteps,
  size: PressureSize,
  queued: QueuedInHub | undefined,
): Promise<boolean> {
  const { plan, publisher, progress, clock, control } = context;
  const eventBytes = Math.min(size.eventBytes, steps.eventBytes(queued));
  const dueMicros = clock.nowMicros();
  const events = size.eventsPerRequest;
  const isAccepted = await publisher.publish(
    Array.from({ length: events }, () => ({
      dueMicros,
      envelope: pressureEvent(fillerOf(eventBytes, plan.compression)),
    })),
  );
  await judgePublishFailure(context);
  if (publisher.failure) return false;
  if (!isAccepted) {
    const next = size.refused(publisher.refusal?.status);
    if (next === 'wait') await control.pauseUntil(clock.nowMicros() + BUSY_WAIT_MICROS);
    return next !== 'end';
  }
  size.accepted();
  steps.add(events, eventBytes);
  const wanted = publisher.acceptedEvents - WINDOW_EVENTS;
  const kept = keptNames(plan);
  return control.waitUntil(() => progress.lowestNextSequence(kept) >= wanted, ACK_DEADLINE_MILLIS);
}
