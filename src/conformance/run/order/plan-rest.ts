// What follows the checks that run side by side: in the usual order, unless the hub shows already that one of the checks would
// find what takes the time of all others.
import type { Target } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import { withDeadline } from '../../../time/deadline.ts';
import type { Check } from '../../check.ts';
import { SLOW_EVENT_MILLIS } from '../../lab/route/affordable.ts';
import type { DeliveryTimes } from '../waits/delivery-times.ts';
import type { RouteTimes } from '../waits/route-times.ts';
import { type AloneGroup, planAlone } from './check-order.ts';

const ASK_MILLIS = 2_000;

interface Paces {
  readonly route: Pick<RouteTimes, 'usualMillis'>;
  readonly eventWindow: { readonly deliveries: Pick<DeliveryTimes, 'isSlow' | 'aloneMillis'> };
}

export async function planRest(
  checks: readonly Check[],
  { route, eventWindow }: Paces,
  target: Target,
  clock: Clock,
): Promise<readonly AloneGroup[]> {
  const early: Check[] = [];
  for (const check of checks) {
    const asked = check.isEarlyOn?.(target, clock, eventWindow.deliveries);
    if (asked === undefined) continue;
    // An adapter of the user's own may hang or throw: the usual order, then.
    if (await withDeadline(clock, asked, ASK_MILLIS, 'answer').catch(() => false)) early.push(check);
  }
  return planAlone(checks, route.usualMillis >= SLOW_EVENT_MILLIS || eventWindow.deliveries.isSlow, early);
}
