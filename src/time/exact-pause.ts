// Waits for a moment to a fraction of a millisecond, where a timer alone is up to two off. Sleeps for most of it, then
// looks at the clock on every turn of the event loop, so that sockets are served meanwhile.
import type { Clock } from './clock.ts';
import { pause } from './deadline.ts';

/** How late or early a timer may be. */
const LOOKING_MILLIS = 1;

/** Resolves at `atMicros` of the clock, or at once when `signal` is aborted (it never rejects). */
export async function pauseUntil(clock: Clock, atMicros: number, signal?: AbortSignal): Promise<void> {
  const leftMillis = () => (atMicros - clock.nowMicros()) / 1e3;
  if (leftMillis() > LOOKING_MILLIS) await pause(clock, leftMillis() - LOOKING_MILLIS, signal);
  while (leftMillis() > 0 && !signal?.aborted) await new Promise<void>((resolve) => setImmediate(resolve));
}
