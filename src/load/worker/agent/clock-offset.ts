// What the workers of an agent learn of the coordinator's clock, which is on another machine.

/** How far the coordinator's clock is ahead of this machine's. */
export interface ClockOffset {
  readonly offsetMicros: number;
  /** It is wrong by no more than this at `atMicros` of this machine's clock; from then on the clocks may drift apart. */
  readonly errorMicros: number;
  readonly atMicros: number;
  /** What was said before it was proved wrong since. */
  readonly isContradicted: boolean;
  /** The coordinator is on this machine: the clock is the same one. */
  readonly isSame?: boolean | undefined;
}
