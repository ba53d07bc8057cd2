// One client of a cohort over all of its connections: which one it has, how the one before ended, and what it has missed since.
import type { ClientLedger, ClientOutcome } from '../../ledger/ledger.ts';
import type { CohortConnection } from './account/cohort-connection.ts';
import type { FirstEvent, ReturnRecord } from './returns/return-messages.ts';

/** Why a connection is over. Times are microseconds of the machine's clock. */
export interface ConnectionEnding {
  readonly how: 'dropped' | 'evicted' | 'left';
  readonly atMicros: number;
  /** The fault that dropped it. */
  readonly fault?: number | undefined;
}

/** From the end of a connection until the first event on a later one. */
interface Absence extends ConnectionEnding {
  readonly nextSequence: number;
  /** The same fault had dropped it before. */
  readonly isRepeated: boolean;
}

/** A hub has so long to register a client that comes while a run goes on, and an event so long to arrive. */
const [REGISTRATION_MICROS, ARRIVAL_MICROS] = [5_000_000, 1_000_000];

export class CohortMember {
  /** In its cohort, over all workers. */
  readonly number: number;
  /** The latest one. */
  connection: CohortConnection | undefined;
  isOpen = false;
  /** How its latest connection ended. */
  ending: ConnectionEnding | undefined;
  /** A connection of it was ended by the hub, and not by a fault. */
  wasEvicted = false;
  /** It is owed events from the join of the connection on which its first one came, and not from when the others were. */
  joinedLate = false;
  /** Attempts to come back since its last event. */
  attempts = 0;
  /** An attempt to come back is planned or under way. */
  isReturning = false;
  /** Its stage let it go: it leaves, or has left. */
  isLeaving = false;
  private absence: Absence | undefined;
  private hasJoined = false;
  private lastDrop: number | undefined;
  private connectedAtMicros = 0;

  constructor(number: number) {
    this.number = number;
  }

  get ledger(): ClientLedger | undefined {
    return this.connection?.ledger;
  }

  /** Connected, and no event came yet on this connection. */
  get isWaiting(): boolean {
    return this.isOpen && (this.ledger?.nextSequence ?? -1) < 0;
  }

  /** Connected again, and no event came since. */
  get isWaitingAgain(): boolean {
    return this.isWaiting && this.absence !== undefined;
  }

  /** The fault for which it is, or was last, away. */
  get fault(): number | undefined {
    return this.absence?.fault;
  }

  connect(connection: CohortConnection, connectedAtMicros: number): void {
    this.connection = connection;
    this.connectedAtMicros = connectedAtMicros;
    this.isOpen = true;
    this.isReturning = false;
    this.isLeaving = false;
    this.ending = undefined;
  }

  /** The connection is over. Of a client that had no event since its return, the absence goes on. */
  end(ending: ConnectionEnding): void {
    const nextSequence = this.ledger?.nextSequence ?? -1;
    this.isOpen = false;
    this.ending = ending;
    if (ending.how === 'evicted') this.wasEvicted = true;
    // Who never had an event is not away from anything, unless a fault is to be measured.
    if (this.absence === undefined && (nextSequence >= 0 || ending.how === 'dropped'))
      this.absence = { ...ending, nextSequence, isRepeated: this.wasDroppedBy(ending.fault) };
    this.lastDrop = ending.fault ?? this.lastDrop;
  }

  /** A hub may let clients in that it is about to drop again. */
  wasDroppedBy(fault: number | undefined): boolean {
    return fault !== undefined && fault === this.lastDrop;
  }

  /** Neither connected nor away for something else: a fault that drops it now counts it. */
  get isAway(): boolean {
    return this.absence !== undefined;
  }

  /** The first event on this connection; undefined where there is nothing to hand in. */
  returned(cohort: string, hub: number, event: FirstEvent): ReturnRecord | undefined {
    this.attempts = 0;
    const record = this.record(cohort, hub, event);
    this.absence = undefined;
    this.hasJoined = true;
    return record;
  }

  /** At the end of the run, of a client that is away for a fault, or connected and without an event. */
  missing(cohort: string, hub: number): ReturnRecord | undefined {
    if (this.isLeaving) return undefined;
    if (!this.isOpen)
      return this.absence?.how === 'dropped' ? this.record(cohort, hub, undefined) : undefined;
    return this.isWaiting ? this.record(cohort, hub, undefined) : undefined;
  }

  /** Of the account of all its connections. */
  get outcome(): ClientOutcome {
    if (this.isLeaving) return 'left';
    if (this.isOpen)
      return this.isWaitingAgain && (this.absence?.nextSequence ?? -1) >= 0 ? 'waiting' : 'open';
    return this.absence?.how ?? this.ending?.how ?? 'left';
  }

  /** Its stage lets it go. Of a client that got nothing while it was there, what it should have got is handed in. */
  letGo(cohort: string, hub: number, nowMicros: number): ReturnRecord | undefined {
    this.isLeaving = true;
    const registeredAtMicros = this.connectedAtMicros + REGISTRATION_MICROS;
    const untilMicros = nowMicros - ARRIVAL_MICROS;
    if (!this.isWaiting || this.absence !== undefined || registeredAtMicros >= untilMicros) return undefined;
    const record = this.record(cohort, hub, undefined);
    return record && { ...record, connectedAtMicros: registeredAtMicros, untilMicros };
  }

  private record(cohort: string, hub: number, firstEvent: FirstEvent | undefined): ReturnRecord | undefined {
    const { absence } = this;
    const isNewcomer = this.joinedLate && !this.hasJoined;
    if (absence === undefined && !isNewcomer) return undefined;
    return {
      cohort,
      hub,
      how: absence?.how ?? 'new',
      fault: absence?.fault,
      ...(absence?.isRepeated && { isRepeated: true }),
      isNewcomer,
      nextSequence: absence?.nextSequence ?? -1,
      endedAtMicros: absence?.atMicros ?? 0,
      connectedAtMicros: this.isOpen ? this.connectedAtMicros : undefined,
      firstEvent,
    };
  }
}
