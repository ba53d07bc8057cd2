// What each cohort of a run is owed, from the first event to the last.
import { mustBeKept } from '../../client/behaviour.ts';
import type { PublishedRange } from '../../ledger/ledger.ts';
import type { LoadPlan } from '../plan/plan.ts';

/** Only accepted events are owed; `unansweredEvents` after them were never answered. `owedFrom`: from this event on everybody who must be kept had joined; undefined when that never was so. */
export function publishedRanges(
  { cohorts }: LoadPlan,
  acceptedEvents: number,
  owedFrom: number | undefined,
  unansweredEvents = 0,
): Readonly<Record<string, PublishedRange>> {
  const whole = { first: 0, last: acceptedEvents - 1, unansweredLast: acceptedEvents + unansweredEvents - 1 };
  const ranges = cohorts.map(({ name, behaviour }): [string, PublishedRange] => {
    const isOwed = mustBeKept(behaviour) && owedFrom !== undefined;
    return [name, isOwed ? { ...whole, owedFrom } : whole];
  });
  return Object.fromEntries(ranges);
}
