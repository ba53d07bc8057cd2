// Slow clients that a hub disconnected while it made others wait: what ends together hangs together.
import type { Eviction } from '../result.ts';

/** A socket is seen to be closed this much later than it was. */
const CLOSING_DELAY_MILLIS = 1_000;

/** A slow client whose socket the hub closed; the time counts from the start of the measured time. */
export interface Closing {
  readonly cohort: string;
  readonly atMillis: number;
}

/** The cohort most of whose clients were disconnected in this time; undefined when none was. */
export function cohortEndedWith(
  fromMillis: number,
  untilMillis: number,
  closings: readonly Closing[],
): string | undefined {
  const counts = new Map<string, number>();
  for (const { cohort, atMillis } of closings)
    if (atMillis >= fromMillis && atMillis <= untilMillis + CLOSING_DELAY_MILLIS)
      counts.set(cohort, (counts.get(cohort) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** When the hub closed the sockets of slow clients. */
export function closingsOf(evictions: readonly Eviction[]): Closing[] {
  return evictions.flatMap(({ cohort, stalledAtMillis, anatomy, endedAtMillis }) => {
    const atMillis = anatomy?.closedAtMillis ?? endedAtMillis;
    return stalledAtMillis === null || atMillis === null ? [] : [{ cohort, atMillis }];
  });
}
