// What a result says of one fault that was injected into a run: how many clients it dropped, when they were back, and what
// they missed. Times are milliseconds; moments count from the very start of the run.
import type { FaultKind } from '../../../faults/language/fault.ts';

export interface FaultResult {
  /** Over the run, from 0, in the order of their beginnings. */
  readonly number: number;
  readonly kind: FaultKind;
  /** As the user wrote it, without `at=` and `every=`. */
  readonly fault: string;
  /** Of several hubs which, from 1. Absent where it was for all of them. */
  readonly target?: number;
  readonly atMillis: number;
  /** When its effect was over; null where it was not over by the end of the run. */
  readonly endedAtMillis: number | null;
  /** Why it could not be injected, or did not end as it should. */
  readonly problem?: string;
  /** Clients whose connection ended because of it. */
  readonly dropped: number;
  /** Of those, the ones of cohorts that a hub must keep. */
  readonly droppedKept: number;
  /** Of the dropped clients, those that came back and got an event. */
  readonly returned: number;
  /** Of the dropped clients, those of cohorts that reconnect and that a hub must keep. */
  readonly mustReturn: number;
  /** Of those, the ones that came back and got an event. */
  readonly recovered: number;
  /** From the fault to the first handshake that succeeded after one had failed; null where none failed, or none succeeded after. */
  readonly refusedMillis: number | null;
  /** From the end of a connection to the next one; null where nobody came back. */
  readonly reconnectMillis: MillisSummary | null;
  /** From the fault to the first event after the return; null where nobody got one. */
  readonly firstEventMillis: MillisSummary | null;
  /** Of the dropped clients to come back. */
  readonly attempts: { readonly total: number; readonly failed: number; readonly peakPerSecond: number };
  /** Events for each dropped client, from the end of its connection to its return, or to the end of the run. */
  readonly missed: MissedSummary;
  /** Events accepted after a client's new handshake and before its first event. */
  readonly lateJoin: { readonly total: number; readonly max: number };
  /** Latency of clients that read at once, in microseconds. Null where nothing was received. */
  readonly p99Micros?: {
    readonly before: number | null;
    readonly during: number | null;
    readonly after: number | null;
  };
  /** From the fault until p99 was back within 1.5 x of before; null where it was not by the end of the run. */
  readonly settledMillis?: number | null;
}

interface MillisSummary {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface MissedSummary {
  readonly total: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
