// One question and its answer between two machines show how far their clocks are apart, with a bound that nothing can exceed: the
// question was not received before it was sent, and the answer not before it was sent.

/** Microseconds. 1 and 4 are of the machine that asks, 2 and 3 of the one that answers. */
export interface FourTimes {
  readonly sentMicros: number;
  readonly receivedMicros: number;
  readonly answeredMicros: number;
  readonly arrivedMicros: number;
}

/** The other clock minus one's own, when the answer arrived: within `errorMicros` of `offsetMicros`, however slow the way was. */
export interface ClockSample {
  readonly atMicros: number;
  readonly offsetMicros: number;
  readonly errorMicros: number;
}

/** Undefined where the times contradict each other: a clock was set back, or answers got mixed up. */
export function sampleOf({
  sentMicros,
  receivedMicros,
  answeredMicros,
  arrivedMicros,
}: FourTimes): ClockSample | undefined {
  const errorMicros = (arrivedMicros - sentMicros - (answeredMicros - receivedMicros)) / 2;
  if (!(errorMicros >= 0) || !(answeredMicros >= receivedMicros)) return undefined;
  return {
    atMicros: arrivedMicros,
    offsetMicros: (receivedMicros - sentMicros + (answeredMicros - arrivedMicros)) / 2,
    errorMicros,
  };
}
