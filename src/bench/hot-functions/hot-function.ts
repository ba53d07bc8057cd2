// One hot function of the bench, and what it is compared with.

/** Makes about `count` calls; returns how many it made. */
export type Repeat = (count: number) => number;

export interface HotFunction {
  readonly name: string;
  readonly ours: Repeat;
  readonly baseline: string;
  readonly theirs: Repeat;
  /** Ratio of the CPU time per call. It records the present state, so that the bench shows a change; it is no product goal. */
  readonly atMost: number;
  readonly failsAt: number;
}
