// The block that an agent publishes, by the clock that it has when it accepts: its own workers learn the offset, others how wrong the
// due times may be.
import { driftMicros } from '../../../time/clock-drift.ts';
import type { ToWorker } from '../worker-messages.ts';
import type { ClockOffset } from './clock-offset.ts';

type BlockMessage = Extract<ToWorker, { readonly kind: 'block' }>;

export interface BlockTimes {
  readonly fromMicros: number;
  readonly untilMicros: number;
}

/** An event of it is due when the agent's own clock is at the due time less `offsetMicros`. Other machines get it without that. */
export function ownBlock(
  { fromMicros, untilMicros }: BlockTimes,
  clock: ClockOffset,
): BlockMessage & { readonly offsetMicros: number } {
  const { offsetMicros, errorMicros, atMicros, isSame = false } = clock;
  const ageMicros = untilMicros - offsetMicros - atMicros;
  return {
    kind: 'block',
    ...{ fromMicros, untilMicros, offsetMicros },
    errorMicros: isSame ? 0 : errorMicros + driftMicros(ageMicros),
  };
}
