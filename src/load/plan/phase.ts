// The phases of a run, by name: one list for the run, the plan of what is ahead, results and reports.

/** In the order in which they can follow each other; no run has all of them. */
export type PhaseName =
  | 'connect'
  | 'observe'
  | 'warm-up'
  | 'arm'
  | 'steady'
  | 'baseline'
  | 'slow clients'
  | 'pressure'
  | 'drain';

/** A phase that has begun, in microseconds of the machine's clock. */
export interface Phase {
  readonly name: PhaseName;
  readonly fromMicros: number;
}

/** The phases whose latencies count. */
export const MEASURED_PHASES: readonly PhaseName[] = ['steady', 'baseline', 'slow clients'];
