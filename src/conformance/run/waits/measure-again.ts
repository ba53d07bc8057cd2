// A few slow calls may be the machine's doing, and a route that is taken for slow costs a check its events, or the check itself:
// before anything is decided by them, more calls are measured.

import { SLOW_EVENT_MILLIS } from '../../lab/route/affordable.ts';
import type { RouteTimes } from './route-times.ts';

/** A route that is slow in fact is believed after so long. */
const MOST_AGAIN_MILLIS = 500;

/** Makes calls until one is fast, or there are enough of them. */
export async function measureAgain(
  route: RouteTimes,
  nowMillis: () => number,
  call: () => Promise<void>,
): Promise<void> {
  const untilMillis = nowMillis() + MOST_AGAIN_MILLIS;
  while (!route.isSettled && route.usualMillis >= SLOW_EVENT_MILLIS && nowMillis() < untilMillis)
    await call();
}
