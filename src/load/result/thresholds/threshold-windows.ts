// What became of the windows of a threshold in time, as the result keeps it.

/** The windows of a threshold such as `latency{cohort=fast}[10s].p99<50ms`; a phase without windows is one. */
export interface ThresholdWindows {
  /** Those with enough deliveries to be judged. */
  readonly judged: number;
  readonly breached: number;
  /** Breached while a process of the generator was held up, and so not judged; absent where none was. */
  readonly excused?: number;
  /** From the start of the run, in milliseconds; absent where none was judged. */
  readonly worst?: { readonly fromMillis: number; readonly untilMillis: number };
}
