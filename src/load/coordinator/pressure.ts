// Kernels hide what a stalled client does not read, so a run's own events may never fill the hub's queue. Pressure sends
// larger ones until it is full, paced by the clients that read, within a limit of bytes for each client.
import { mustBeEvicted, mustBeKept, stepsOf } from '../../client/behaviour.ts';
import type { Clock } from '../../time/clock.ts';
import { hasSmallWindow } from '../../wire/small-window-socket.ts';
import type { LoadPlan } from '../plan/plan.ts';
import type { RollCall } from './cohort-progress.ts';
import type { Publisher } from './publisher.ts';

const PRESSURE = {
  small: { eventBytes: 8 * 1024, limitBytes: 1024 * 1024 },
  default: { eventBytes: 64 * 1024, limitBytes: 10 * 1024 * 1024 },
} as const;
const BATCH_EVENTS = 8;
/** Events that the clients that read may be behind: correct hubs evict healthy readers on longer bursts. */
const WINDOW_EVENTS = 32;
/** Clients that cannot tell when they were evicted get at least a full queue and what a kernel hides of small windows. */
const LEAST_EVENTS = 80;
const ACK_DEADLINE_MILLIS = 15_000;
const EVICTION_DEADLINE_MILLIS = 8_000;

export interface PressureContext {
  readonly plan: LoadPlan;
  readonly publisher: Publisher;
  readonly rollCall: RollCall;
  readonly clock: Clock;
  readonly isStopped: () => boolean;
  readonly waitUntil: (condition: () => boolean, deadlineMillis: number) => Promise<boolean>;
}

/** Is there anyone in the plan that pressure is for? */
export function needsPressure(plan: LoadPlan): boolean {
  return plan.cohorts.some(({ behaviour }) => mustBeEvicted(behaviour));
}

export async function applyPressure({
  plan,
  publisher,
  rollCall,
  clock,
  isStopped,
  waitUntil,
}: PressureContext): Promise<void> {
  // Of a stalling cohort every other client probes and tells when it was evicted.
  const stalling = plan.cohorts.filter(
    ({ behaviour }) => stepsOf(behaviour).at(-1)?.reading.kind === 'stall',
  );
  const probers = stalling.reduce((total, { clients }) => total + Math.floor(clients / 2), 0);
  const areEvicted = () =>
    rollCall.sum(
      stalling.map(({ name }) => name),
      'evicted',
    ) >= probers;
  const kept = plan.cohorts.filter(({ behaviour }) => mustBeKept(behaviour)).map(({ name }) => name);
  const { eventBytes, limitBytes } = PRESSURE[hasSmallWindow() ? 'small' : 'default'];
  const payload = { sagaId: 'pressure', message: 'x'.repeat(eventBytes) };
  for (let sent = 0; sent * eventBytes < limitBytes && !isStopped(); sent += BATCH_EVENTS) {
    if (sent >= LEAST_EVENTS && areEvicted()) break;
    const event = {
      dueMicros: clock.nowMicros(),
      envelope: { type: 'deploy.progress', appId: 'norn-loadtest', payload },
    };
    if (!(await publisher.publish(Array.from({ length: BATCH_EVENTS }, () => event)))) break;
    const wanted = publisher.acceptedEvents - WINDOW_EVENTS;
    if (!(await waitUntil(() => rollCall.lowestNextSequence(kept) >= wanted, ACK_DEADLINE_MILLIS))) return;
  }
  await waitUntil(areEvicted, EVICTION_DEADLINE_MILLIS);
}
