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
  /** Of the accepted, those that agents published in turn. Absent for none. */
  readonly byAgents?: number;
  /** Of the refused and the unanswered, those while the hub was under a fault; they are not among `refusals`. Absent for none. */
  readonly duringFaults?: number;
  /** From sending a request to its answer, or to the end of its deadline. */
  readonly latencyMicros: LatencySummary;
  /** The request that took longest; null when there was none. */
  readonly longest: PublishWait | null;
  /** The same of requests while no slow client was connected. Absent in files from before it was kept. */
  readonly longestAlone?: PublishWait | null;
  /** By status; null where the adapter has none. */
  readonly refusals: readonly {
    readonly status: number | null;
    readonly events: number;
    readonly reason: string;
  }[];
}

/** How long the hub took to answer one request. */
export interface PublishWait {
  /** Its first event. */
  readonly sequence: number;
  readonly latencyMicros: number;
  /** Connected clients that a hub need not keep. */
  readonly slowClients: number;
  /** When it was sent, from the start of the measured time. Absent in files from before it was kept. */
  readonly atMillis?: number;
}
