// How much a check sends before it waits, where the hub is slow and others wait for room in the window. Pure.
import type { DeliveryTimes } from '../../run/waits/delivery-times.ts';
import { SLOW_EVENT_MILLIS } from './affordable.ts';

/** A request, or several in a row, that hold their place in the window: others wait for it so long. */
const MOST_HELD_MILLIS = 100;
/** What usually takes so long takes a little longer every other time. */
const MARGIN = 1.5;

export interface InARowParts {
  readonly eventWindow: {
    readonly limit: number;
    readonly deliveries: Pick<DeliveryTimes, 'isSlow' | 'betweenMillis' | 'aloneMillis'>;
  };
  /** No other check waits. */
  readonly isAlone: boolean;
}

/** How many events to send in a row: a slow hub would keep the window of all checks for seconds. */
export function eventsInARow({ eventWindow, isAlone }: InARowParts, routeMillis: number): number {
  const { limit, deliveries } = eventWindow;
  const ofRoute = routeMillis < SLOW_EVENT_MILLIS ? limit : MOST_HELD_MILLIS / routeMillis;
  const isHeld = !isAlone && deliveries.isSlow && deliveries.betweenMillis > 0;
  const ofDeliveries = isHeld ? MOST_HELD_MILLIS / deliveries.betweenMillis : limit;
  return Math.max(1, Math.min(limit, Math.floor(Math.min(ofRoute, ofDeliveries))));
}

/** Until a nonce has come, behind all that may be on its way before it: another nonce would only make it longer. */
export function nonceMillis({ eventWindow: { limit, deliveries }, isAlone }: InARowParts): number {
  if (!deliveries.isSlow) return 0;
  return MARGIN * (deliveries.aloneMillis + (isAlone ? 1 : limit) * deliveries.betweenMillis);
}
