// Stages of the rate of events: when each event is due. The rate begins at 0, as in k6 (startRate), so that `30s:50` rises to
// 50 events per second within 30 s and `0s:50` begins there.
import type { ScheduledEvent } from '../../../scenario/timeline.ts';
import type { Stage } from '../../../units/stages.ts';
import type { DueEvent } from '../schedule.ts';

/** Before the measured time clients need events to join, whatever the stages begin with. */
const WARM_UP_EVENTS_PER_SECOND = 10;
/** An event of the warm-up may be waited for when the measured time begins: no stage begins before it is sent. */
const WARM_UP_STEP_MICROS = 1e6 / WARM_UP_EVENTS_PER_SECOND;

/** Due times from the start of the first stage, in milliseconds; ends where the last stage ends at 0. */
export function* dueOffsetsMillis(stages: readonly Stage[]): Generator<number, undefined> {
  let [index, eventsBefore, startMillis, rate] = [0, 0, 0, 0];
  for (const { durationMillis, target } of stages) {
    const seconds = durationMillis / 1e3;
    const events = ((rate + target) / 2) * seconds;
    for (; index < eventsBefore + events; index++)
      yield startMillis + secondsUntil(index - eventsBefore, rate, (target - rate) / seconds) * 1e3;
    eventsBefore += events;
    startMillis += durationMillis;
    rate = target;
  }
  if (rate === 0) return undefined;
  for (; ; index++) yield startMillis + ((index - eventsBefore) / rate) * 1e3;
}

/** When so many events have come due at a rate that changes by `slope` a second. */
function secondsUntil(events: number, rate: number, slope: number): number {
  const endRate = Math.sqrt(Math.max(0, rate * rate + 2 * slope * events));
  return events === 0 ? 0 : (2 * events) / (rate + endRate);
}

/** `measuredFromMicros` is when the measured time begins; infinite before it is known. */
export function* createStagedSchedule(
  timeline: Iterator<ScheduledEvent>,
  startMicros: number,
  stages: readonly Stage[],
  measuredFromMicros: () => number,
): Generator<DueEvent, undefined> {
  for (let index = 0; ; index++) {
    const dueMicros = startMicros + index * WARM_UP_STEP_MICROS;
    if (dueMicros >= measuredFromMicros()) break;
    const next = timeline.next();
    if (next.done) return undefined;
    yield { dueMicros, envelope: next.value.envelope, isWarmUp: true };
  }
  const stagesFromMicros = measuredFromMicros() + WARM_UP_STEP_MICROS;
  for (const offsetMillis of dueOffsetsMillis(stages)) {
    const next = timeline.next();
    if (next.done) return undefined;
    yield { dueMicros: stagesFromMicros + offsetMillis * 1e3, envelope: next.value.envelope };
  }
  return undefined;
}
