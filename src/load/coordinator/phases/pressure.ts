// Kernels take what a stalled client does not read, so a run's own events may never fill the hub's queue. Pressure sends
// larger events until it is full, paced by the clients that read, within a limit of bytes for each client.

import { stepsOf } from '../../../client/behaviour.ts';
import { WINDOW_EVENTS } from '../../../session/window.ts';
import { keptNames, type LoadPlan } from '../../plan/plan.ts';
import { createPressureSize } from '../publishing/pressure-size.ts';
import type { RunContext } from '../run-context.ts';
import { judgePublishFailure } from './publish.ts';

const PRESSURE = {
  small: { eventBytes: 8 * 1024, limitBytes: 1024 * 1024 },
  default: { eventBytes: 64 * 1024, limitBytes: 10 * 1024 * 1024 },
} as const;
const BATCH_EVENTS = 8;
/** For a hub that has too much to do. */
const BUSY_WAIT_MICROS = 500_000;
/** Clients that do not probe get at least a full queue and what a kernel takes behind a small window. */
const LEAST_EVENTS = 80;
const ACK_DEADLINE_MILLIS = 10_000;
const EVICTION_DEADLINE_MILLIS = 8_000;

export async function applyPressure(context: RunContext, hasSmallWindow: boolean): Promise<void> {
  const { plan, publisher, progress, clock, control } = context;
  control.enter('pressure');
  const areEvicted = evictionTest(context);
  const kept = keptNames(plan);
  const { eventBytes: wantedBytes, limitBytes } = PRESSURE[hasSmallWindow ? 'small' : 'default'];
  const size = createPressureSize(wantedBytes, BATCH_EVENTS);
  let [sent, sentBytes] = [0, 0];
  while (sentBytes < limitBytes && control.stop === undefined) {
    if (sent >= LEAST_EVENTS && areEvicted()) break;
    const payload = { sagaId: 'pressure', message: 'x'.repeat(size.eventBytes) };
    const event = {
      dueMicros: clock.nowMicros(),
      envelope: { type: 'deploy.progress', appId: 'norn-loadtest', payload },
    };
    const isAccepted = await publisher.publish(Array.from({ length: size.eventsPerRequest }, () => event));
    await judgePublishFailure(context);
    if (publisher.failure) return;
    if (!isAccepted) {
      const next = size.refused(publisher.refusal?.status);
      if (next === 'end') break;
      if (next === 'wait') await control.pauseUntil(clock.nowMicros() + BUSY_WAIT_MICROS);
      continue;
    }
    size.accepted();
    sent += size.eventsPerRequest;
    sentBytes += size.eventsPerRequest * size.eventBytes;
    const wanted = publisher.acceptedEvents - WINDOW_EVENTS;
    const hasArrived = () => progress.lowestNextSequence(kept) >= wanted;
    if (!(await control.waitUntil(hasArrived, ACK_DEADLINE_MILLIS))) return;
  }
  await control.waitUntil(areEvicted, EVICTION_DEADLINE_MILLIS);
}

/** Of a stalling cohort every other client sends liveness probes and shows when it was evicted. */
function evictionTest({ plan, progress }: RunContext): () => boolean {
  const stalling = stallingCohorts(plan);
  const names = stalling.map(({ name }) => name);
  const probers = stalling.reduce((total, { clients }) => total + Math.floor(clients / 2), 0);
  return () => progress.sum(names, 'evicted') >= probers;
}

function stallingCohorts({ cohorts }: LoadPlan): LoadPlan['cohorts'] {
  return cohorts.filter(({ behaviour }) => stepsOf(behaviour).at(-1)?.reading.kind === 'stall');
}
