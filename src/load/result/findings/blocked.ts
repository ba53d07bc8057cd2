// What a slow client does to the others in a hub that waits for it.
import { renderDurationMillis } from '../../../units/duration.ts';
import type { Finding } from '../result.ts';

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
