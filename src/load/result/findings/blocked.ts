// What a slow client does to the others in a hub that waits for it; and a hub that stands still by itself.
import { renderDurationMillis } from '../../../units/duration.ts';
import type { ObservedStandstill } from '../../coordinator/watch/delivery-watch.ts';
import type { Finding } from '../result.ts';
import { type Closing, cohortEndedWith } from './closing.ts';

/** A longer time in which nobody receives anything is worth a finding. */
const MAX_STANDSTILL_MILLIS = 2_000;
/** A hub that waits for a client goes on as soon as it has disconnected it. */
const END_MILLIS = 1_000;

export interface Standstill {
  /** The last event that all clients that read at once have; -1 before the first. */
  readonly lastEvent: number;
  /** The clients stood still until the clients of this cohort read on. */
  readonly cohort: string;
  readonly stoodMillis: number;
}

/** Only the phases of a run can see this: who stood still, and who went on when slow clients read again. */
export function describeBlocked({ lastEvent, cohort, stoodMillis }: Standstill): Finding {
  const where = lastEvent < 0 ? 'nothing' : `nothing after event ${lastEvent}`;
  return {
    name: 'blocked',
    severity: 'error',
    cohort,
    message: `clients that read at once received ${where} for ${renderDurationMillis(stoodMillis)} while clients of ${cohort} did not read, and went on as soon as these read on: a slow client blocks everybody`,
  };
}

/**
 * The longest time in which no client that reads at once received anything, and which ended by itself. `reported`: a hub that
 * is known to wait for slow clients is not judged twice.
 */
export function judgeStandstill(
  standstill: ObservedStandstill | undefined,
  measuredFromMicros: number,
  closings: readonly Closing[],
  reported: readonly Finding[],
): Finding[] {
  if (standstill === undefined || reported.some(({ name }) => name === 'blocked')) return [];
  const millisOf = (micros: number) => (micros - measuredFromMicros) / 1e3;
  const [atMillis, untilMillis] = [millisOf(standstill.fromMicros), millisOf(standstill.untilMicros)];
  if (untilMillis - atMillis <= MAX_STANDSTILL_MILLIS) return [];
  const time = `for ${renderDurationMillis(untilMillis - atMillis)} from ${renderDurationMillis(atMillis)} on`;
  const what = `clients that read at once received nothing after event ${standstill.lastEvent} ${time}`;
  const cohort = cohortEndedWith(Math.max(atMillis, untilMillis - END_MILLIS), untilMillis, closings);
  if (cohort === undefined)
    return [
      {
        name: 'standstill',
        severity: 'warning',
        message: `${what}, although the hub had accepted more; no slow client is shown to be the cause`,
      },
    ];
  return [
    {
      name: 'blocked',
      severity: 'error',
      cohort,
      message: `${what}, while clients of ${cohort} did not read, until the hub disconnected them: a slow client blocks everybody`,
    },
  ];
}
