// What a load test looked like second by second, as its result keeps it: deliveries over all workers, and samples of
// clients and hub.
import type { PhaseName } from '../plan/phase.ts';

export interface TimelineSecond {
  /** Seconds from the start of the run. */
  readonly second: number;
  /**
   * How many seconds this is, from `second` on; absent for one. Of several, counts are sums, and percentiles and attempts the
   * highest of one of them.
   */
  readonly seconds?: number;
  readonly phase: PhaseName;
  readonly deliveries: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly evicted: number;
  /** Of clients to come back; absent without any, as are those that failed. */
  readonly attempts?: number;
  readonly failedAttempts?: number;
  /** Those that got something in this second. */
  readonly cohorts?: readonly CohortSecond[];
}

export interface CohortSecond {
  readonly name: string;
  readonly deliveries: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

/** Taken about once a second, and in a long run less often; counts are those of that moment, from the start of the run. */
export interface RunSample {
  readonly atMillis: number;
  readonly phase: PhaseName;
  /** Accepted by the hub. */
  readonly publishedEvents: number;
  /** Events scheduled since the sample before, by type. */
  readonly events: Readonly<Record<string, number>>;
  readonly clients: readonly {
    readonly cohort: string;
    /** Connection attempts that have ended, well or not. */
    readonly attempted: number;
    readonly open: number;
    /** Open, and have got an event of the run. */
    readonly joined: number;
    readonly evicted: number;
    readonly left: number;
    /** Not connected, because a fault dropped them or because they are about to come back. Absent without any. */
    readonly away?: number;
    /** Were connected when their worker process or agent was lost. Absent without any. */
    readonly unaccounted?: number;
    readonly deliveries: number;
  }[];
  /** The hub's process; null where it cannot be read. */
  readonly hub: { readonly rssBytes: number; readonly cpuSeconds: number } | null;
}
