// What a worker hands in of clients that were away: as it happens, because what was published meanwhile is known to the
// coordinator, which counts and forgets. Times are microseconds of the machine's clock, events have the numbers on the wire.

/** On a connection. */
export interface FirstEvent {
  readonly sequence: number;
  readonly atMicros: number;
}

/** A client has its first event after a return, or the run is over and it has not. */
export interface ReturnRecord {
  readonly cohort: string;
  readonly hub: number;
  /** How its connection before ended; `new`: there was none, it joined later than the others. */
  readonly how: 'dropped' | 'evicted' | 'left' | 'new';
  /** The fault that dropped it. */
  readonly fault: number | undefined;
  /** The same fault had dropped it before, and it had come back. */
  readonly isRepeated?: boolean;
  /** It had no event before, and is owed those from its join. */
  readonly isNewcomer: boolean;
  /** The event that it would have received next; -1 where it had none. */
  readonly nextSequence: number;
  readonly endedAtMicros: number;
  /** When it was connected again; undefined where it was not. */
  readonly connectedAtMicros: number | undefined;
  /** Of a client that left: what was accepted later, it is not owed. */
  readonly untilMicros?: number;
  /** Undefined where none came. */
  readonly firstEvent: FirstEvent | undefined;
}

/** Clients of a cohort that a fault dropped, since the last of these messages. */
export interface DropCount {
  readonly cohort: string;
  readonly fault: number;
  readonly clients: number;
}

/** Attempts to come back in one second, since the last of these messages. */
export interface AttemptCount {
  /** That dropped the clients; undefined for others. */
  readonly fault: number | undefined;
  /** Whole seconds of the machine's clock. */
  readonly second: number;
  readonly total: number;
  readonly failed: number;
  /** The first handshake that succeeded after one of this worker's had failed. */
  readonly servedAgainAtMicros: number | undefined;
}

export interface ReturnBatch {
  readonly returns: readonly ReturnRecord[];
  readonly drops: readonly DropCount[];
  readonly attempts: readonly AttemptCount[];
}

export const NO_RETURNS: ReturnBatch = { returns: [], drops: [], attempts: [] };
