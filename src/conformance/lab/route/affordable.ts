// How many events a check may publish one after the other where the broadcast route is slow, or where events take long to
// clients: its share of the time of the run. A check that needs more than that is skipped, and says what the hub takes and
// what the check would have needed. Pure.
import { renderDurationMillis } from '../../../units/duration.ts';
import { CheckEnded, skipForTime } from '../../finding.ts';
import type { DeliveryTimes } from '../../run/waits/delivery-times.ts';
import type { RouteTimes } from '../../run/waits/route-times.ts';

export interface AffordableParts {
  readonly route: Pick<RouteTimes, 'usualMillis'>;
  readonly eventWindow: { readonly limit: number; readonly deliveries: Pick<DeliveryTimes, 'eventMillis'> };
  readonly timeLimitMillis: number;
  readonly note: (line: string) => void;
}

/** From here on a route is slow: a correct hub takes a millisecond or two, on a busy machine ten. */
export const SLOW_EVENT_MILLIS = 20;
/** So many checks that publish much fit into a run beside the others. */
const SHARES = 22;
/**
 * A slow route takes requests side by side, and slow deliveries of all checks come one after the other: a check may take
 * its share for what it needs, and this part of it for what it wants.
 */
const WANTED_OF_SHARE = 0.25;

export interface EventsWanted {
  readonly wanted: number;
  /** With fewer the check proves nothing. */
  readonly fewest: number;
  /** True: the fewest are tried, however long they take. Default false. */
  readonly triesFewest?: boolean;
  /** What `wanted` counts, and how many events each is; default: events. */
  readonly what?: Counted;
  readonly eventsEach?: number;
  /** So many are published at the same time; default 1. */
  readonly atOnce?: number;
  /** So many are on their way to clients at the same time; default: the window. */
  readonly underWay?: number;
  /** Events that clients wait for, for each of `wanted`: what is queued for one of them comes later; default `eventsEach`. */
  readonly deliveriesEach?: number;
}

/** Up to `wanted`; ends the check when there is no time for `fewest`. */
export function affordable(parts: AffordableParts, events: EventsWanted): number {
  const { timeLimitMillis, note } = parts;
  const { wanted, fewest, triesFewest = false, what = EVENTS } = events;
  const shareMillis = timeLimitMillis / SHARES;
  const pace = slowerPace(parts, events);
  const { eventMillis, slow } = pace;
  const wantedMillis = shareMillis * pace.wantedShare;
  if (wanted * eventMillis <= wantedMillis) return wanted;
  if (!triesFewest && fewest * eventMillis > shareMillis)
    throw new CheckEnded(
      skipForTime(
        tooSlow(
          `${slow}: the check needs at least ${counted(fewest, what)}`,
          fewest * eventMillis,
          shareMillis,
        ),
      ),
    );
  const count = Math.max(fewest, Math.floor(wantedMillis / eventMillis));
  if (count < wanted) note(`${counted(count, what)} instead of ${wanted}: ${slow}`);
  return count;
}

type Counted = readonly [one: string, many: string];
const EVENTS: Counted = ['event', 'events'];

const counted = (count: number, [one, many]: Counted): string => `${count} ${count === 1 ? one : many}`;

interface Pace {
  /** What each of `wanted` takes. */
  readonly eventMillis: number;
  readonly wantedShare: number;
  readonly slow: string;
}

/** Of the route or of the deliveries, whichever takes longer; nothing where both are fast. */
function slowerPace(
  { route, eventWindow: { limit, deliveries } }: AffordableParts,
  { atOnce = 1, underWay = limit, eventsEach = 1, deliveriesEach = eventsEach }: EventsWanted,
): Pace {
  const { usualMillis } = route;
  const ofRoute: Pace = {
    eventMillis: usualMillis < SLOW_EVENT_MILLIS ? 0 : (usualMillis * eventsEach) / atOnce,
    wantedShare: 1,
    slow: `the broadcast route takes ${render(usualMillis)} for an event`,
  };
  const deliveryMillis = deliveries.eventMillis(underWay);
  const ofDeliveries: Pace = {
    eventMillis: deliveryMillis * deliveriesEach,
    wantedShare: WANTED_OF_SHARE,
    slow: `an event takes ${render(deliveryMillis)} to the clients, ${underWay === 1 ? 'one by one' : `with ${underWay} on their way`}`,
  };
  return ofDeliveries.eventMillis > ofRoute.eventMillis ? ofDeliveries : ofRoute;
}

const render = (millis: number): string => renderDurationMillis(Math.round(millis));

function tooSlow(needs: string, neededMillis: number, shareMillis: number): string {
  const limitSeconds = Math.ceil((neededMillis * SHARES) / 1_000);
  return `${needs}, which take ${render(neededMillis)}, and may take ${render(shareMillis)} (--time ${limitSeconds}s gives it enough)`;
}
