// When each event is due, on an absolute scale that never drifts: an event's time does not depend on when the one
// before it was sent.
import type { Envelope } from '../../protocol/envelope.ts';
import type { ScheduledEvent } from '../../scenario/timeline.ts';

export interface DueEvent {
  readonly dueMicros: number;
  readonly envelope: Envelope;
  /** Of the warm-up, also where it is waited for when the measured time begins. */
  readonly isWarmUp?: true;
}

/** The events of a timeline, due from `startMicros` on; with a rate, evenly spaced in the timeline's order. */
export function* createSchedule(
  timeline: Iterator<ScheduledEvent>,
  startMicros: number,
  ratePerSecond?: number,
): Generator<DueEvent, undefined> {
  for (let index = 0; ; index++) {
    const next = timeline.next();
    if (next.done) return undefined;
    const { atMillis, envelope } = next.value;
    const offsetMicros = ratePerSecond === undefined ? atMillis * 1e3 : (index * 1e6) / ratePerSecond;
    yield { dueMicros: startMicros + offsetMicros, envelope };
  }
}
