// How many events a check may publish one after the other on a slow route: its share of the time of the run. A check that
// needs more than that is skipped, and says what the route takes and what the check would have needed. Pure.
import { renderDurationMillis } from '../../../units/duration.ts';
import { CheckEnded, skipForTime } from '../../finding.ts';
import type { RouteTimes } from '../../run/waits/route-times.ts';

export interface AffordableParts {
  readonly route: RouteTimes;
  readonly timeLimitMillis: number;
  readonly note: (line: string) => void;
}

/** From here on a route is slow: a correct hub takes a millisecond or two, on a busy machine ten. */
export const SLOW_EVENT_MILLIS = 20;
/** A request, or several in a row, that hold their place in the window: others wait for it so long. */
const MOST_HELD_MILLIS = 100;
/** So many checks that publish much fit into a run beside the others. */
const SHARES = 22;

export interface EventsWanted {
  readonly wanted: number;
  /** With fewer the check proves nothing. */
  readonly fewest: number;
  /** So many are published at the same time; default 1. */
  readonly atOnce?: number;
}

/** Up to `wanted`; ends the check when there is no time for `fewest`. */
export function affordable(
  { route, timeLimitMillis, note }: AffordableParts,
  { wanted, fewest, atOnce = 1 }: EventsWanted,
): number {
  const eventMillis = route.usualMillis / atOnce;
  const shareMillis = timeLimitMillis / SHARES;
  if (route.usualMillis < SLOW_EVENT_MILLIS || wanted * eventMillis <= shareMillis) return wanted;
  const count = Math.floor(shareMillis / eventMillis);
  const slow = `the broadcast route takes ${renderDurationMillis(Math.round(route.usualMillis))} for an event`;
  if (count < fewest) throw new CheckEnded(skipForTime(tooSlow(slow, fewest, eventMillis, shareMillis)));
  note(`${count} events instead of ${wanted}: ${slow}`);
  return count;
}

function tooSlow(slow: string, fewest: number, eventMillis: number, shareMillis: number): string {
  const needed = renderDurationMillis(Math.round(fewest * eventMillis));
  const share = renderDurationMillis(Math.round(shareMillis));
  const limitSeconds = Math.ceil((fewest * eventMillis * SHARES) / 1_000);
  return `${slow}: the check needs at least ${fewest} events, which take ${needed}, and may take ${share} (--time ${limitSeconds}s gives it enough)`;
}

/** How many events to send in a row while others wait: a slow route would keep the window of all checks for seconds. */
export function eventsInARow(limit: number, routeMillis: number): number {
  if (routeMillis < SLOW_EVENT_MILLIS) return limit;
  return Math.max(1, Math.min(limit, Math.floor(MOST_HELD_MILLIS / routeMillis)));
}
