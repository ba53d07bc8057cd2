// What follows the checks that run side by side: in the usual order, unless the hub shows already that one of the checks would
// find what takes the time of all others.
import type { Target } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import type { Check } from '../../check.ts';
import { SLOW_EVENT_MILLIS } from '../../lab/route/affordable.ts';
import type { RouteTimes } from '../waits/route-times.ts';
import { type AloneGroup, planAlone } from './check-order.ts';

export async function planRest(
  checks: readonly Check[],
  route: Pick<RouteTimes, 'usualMillis'>,
  target: Target,
  clock: Clock,
): Promise<readonly AloneGroup[]> {
  const early: Check[] = [];
  for (const check of checks) if (await check.isEarlyOn?.(target, clock)) early.push(check);
  return planAlone(checks, route.usualMillis >= SLOW_EVENT_MILLIS, early);
}
