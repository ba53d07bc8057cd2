// Connections at a rate: as many are begun by any moment as are due by then, in short steps.
import type { Clock } from '../../../time/clock.ts';
import { pause } from '../../../time/deadline.ts';

/** Connections are opened in steps of this length. */
const RAMP_STEP_MILLIS = 20;

/** Resolves when every attempt has ended. */
export async function connectEvenly(
  clock: Clock,
  connections: number,
  perSecond: number,
  connect: (at: number) => Promise<void>,
): Promise<void> {
  const startMicros = clock.nowMicros();
  const attempts: Promise<void>[] = [];
  while (attempts.length < connections) {
    const elapsedSeconds = (clock.nowMicros() - startMicros) / 1e6;
    const due = Math.min(connections, Math.ceil((elapsedSeconds + RAMP_STEP_MILLIS / 1e3) * perSecond));
    while (attempts.length < due) attempts.push(connect(attempts.length));
    if (attempts.length < connections) await pause(clock, RAMP_STEP_MILLIS);
  }
  await Promise.all(attempts);
}
