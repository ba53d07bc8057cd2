// How the hub took the events of a run: every event is accepted, refused or unanswered, and only accepted ones are owed
// to clients.
import type { LatencySummary } from '../../../ledger/latency/latency-histogram.ts';

export interface PublishingResult {
  readonly requests: number;
  /** Events, as are the next two. */
  readonly accepted: number;
  readonly refused: number;
  /** No answer came, so that the hub may have delivered them or not. */
  readonly unanswered: number;
  /** From sending a request to its answer, or to the end of its deadline. */
  readonly latencyMicros: LatencySummary;
  /** The request that took longest, by its first event; null when there was none. */
  readonly longest: {
    readonly sequence: number;
    readonly latencyMicros: number;
    /** Connected clients that do not read at once. */
    readonly slowClients: number;
  } | null;
  /** By status; null where the adapter has none. */
  readonly refusals: readonly {
    readonly status: number | null;
    readonly events: number;
    readonly reason: string;
  }[];
}
