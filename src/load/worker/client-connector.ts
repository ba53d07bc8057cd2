// Connects the clients of a worker, and connects them again: at once where their behavior leaves and rejoins, with the delays of
// their cohort where their connection ended otherwise.
import { mayReturn, mustBeKept } from '../../client/behaviour.ts';
import { ListeningClient } from '../../client/listening-client.ts';
import { returnDelayMillis } from '../../client/reconnect/reconnect.ts';
import { createRandom } from '../../kit/random.ts';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import type { FrameLog } from '../../ledger/events/event-log.ts';
import type { ClientLedger } from '../../ledger/ledger.ts';
import { connectAs, type HubAccess } from '../../target/identity/client-identity.ts';
import type { Clock } from '../../time/clock.ts';
import type { ConnectAs, Opened, Refusal } from '../../wire/connection.ts';
import type { ReadRing } from '../../wire/ring/read-ring.ts';
import type { TlsSessionStore } from '../../wire/tls/tls-facts.ts';
import type { CohortConnection } from './account/cohort-connection.ts';
import type { ConnectionEnding } from './cohort-member.ts';
import type { CohortState } from './cohort-state.ts';
import type { KnownFaults } from './returns/known-faults.ts';
import type { ReturnAttempts } from './returns/return-attempts.ts';
import type { Slot } from './stages/staged-clients.ts';

/** A hub that does not answer the Close of a client that leaves sees a reset. */
const LEAVE_DEADLINE_MILLIS = 5_000;

/** A client that a fault keeps from connecting for the first time tries it again after this time. */
const FIRST_RETRY_MILLIS = 200;

export interface ConnectorOptions {
  readonly hubs: readonly HubAccess[];
  readonly logs: readonly FrameLog[];
  readonly compression: boolean;
  readonly ring: ReadRing | undefined;
  readonly deadlineMillis: number;
  readonly clock: Clock;
  readonly seed: number;
  readonly faults: KnownFaults;
  readonly attempts: ReturnAttempts;
  /** Clients of this cohort read out, and do not rejoin. */
  readonly isDraining: (cohort: string) => boolean;
}

/** A client of the run, on the hub of its state. */
interface ClientPlace {
  readonly state: CohortState;
  /** Clients of the cohorts before its own, and its own number in its cohort. */
  readonly clientsBefore: number;
  readonly number: number;
  /** Of a cohort with stages. */
  readonly slot?: Slot | undefined;
}

export interface ClientConnector {
  /** Resolves when the attempt has ended, well or not. */
  connect(place: ClientPlace): Promise<void>;
  /** Resets these connections, for the fault that is on. */
  reset(connections: readonly CohortConnection[]): void;
}

export function createClientConnector(options: ConnectorOptions): ClientConnector {
  const { hubs, clock, faults, attempts, seed } = options;
  const resetting = new Set<CohortConnection>();
  /** Their stage let these clients go. */
  const leaving = new Set<CohortConnection>();
  const sessions = new Map<CohortState, Map<number, TlsSessionStore>>();

  /** Of a client that may come back. */
  function sessionOf({ state, number }: ClientPlace): TlsSessionStore | undefined {
    const { behaviour, reconnect } = state.cohort;
    if (!mayReturn(behaviour) && reconnect === undefined) return undefined;
    const ofState = sessions.get(state) ?? new Map<number, TlsSessionStore>();
    sessions.set(state, ofState);
    const session = ofState.get(number) ?? { session: undefined };
    ofState.set(number, session);
    return session;
  }

  function endingOf({ hub, cohort }: CohortState, connection: CohortConnection): ConnectionEnding {
    const { end, endedAtMicros, connectedAtMicros = 0 } = connection.client.facts;
    const atMicros = endedAtMicros ?? clock.nowMicros();
    if (leaving.delete(connection)) return { how: 'left', atMicros };
    const isReset = resetting.delete(connection);
    if (!isReset && end?.kind === 'local') return { how: 'left', atMicros };
    const fault = isReset
      ? faults.latestDrop(hub)
      : faults.explaining({
          ...{ hub, connectedAtMicros, endedAtMicros: atMicros },
          mustBeKept: mustBeKept(cohort.behaviour),
        });
    return isReset || fault !== undefined
      ? { how: 'dropped', atMicros, fault }
      : { how: 'evicted', atMicros };
  }

  function onEnded(place: ClientPlace, connection: CohortConnection): void {
    const { state, number } = place;
    const member = state.memberOf(number);
    if (member?.connection !== connection || !member.isOpen) return;
    const ending = endingOf(state, connection);
    state.end(connection, ending);
    // A client that left did so by its behavior, which says whether it comes back.
    if (ending.how !== 'left') comeBack(place);
  }

  /** A client that has just come back stays until its first event, as its return is measured, but not for long. */
  function leave(place: ClientPlace, connection: CohortConnection, mayStay = true): void {
    const { state, number } = place;
    const member = state.memberOf(number);
    if (!member?.isOpen || member.isLeaving || member.connection !== connection) return;
    if (mayStay && member.isWaitingAgain) {
      clock.after(LEAVE_DEADLINE_MILLIS, () => leave(place, connection, false));
      return;
    }
    state.handIn(member.letGo(state.cohort.name, state.hub, clock.nowMicros()));
    leaving.add(connection);
    connection.client.leave();
    clock.after(LEAVE_DEADLINE_MILLIS, () => connection.client.close());
  }

  /** A client that comes again after its stage had let it go; its Close may still be unanswered. */
  function arrive({ state, number }: ClientPlace): void {
    const member = state.memberOf(number);
    if (member === undefined || !member.isLeaving) return;
    member.isReturning = true;
    const { connection } = member;
    if (connection === undefined || !leaving.delete(connection)) return;
    state.end(connection, { how: 'left', atMicros: clock.nowMicros() });
    connection.client.close();
  }

  function comeBack(place: ClientPlace): void {
    const { state, number } = place;
    const { name, reconnect } = state.cohort;
    const member = state.memberOf(number);
    if (member === undefined) return;
    const mayReturn = !attempts.isStopped && !options.isDraining(name);
    member.isReturning = reconnect !== undefined && mayReturn;
    if (reconnect === undefined || !mayReturn) return;
    const attempt = member.attempts++;
    // Drawn for each attempt by name, so that a run repeats whatever the order of the attempts is.
    const fraction = createRandom(seed, `return ${name} ${number} ${attempt}`).next();
    attempts.schedule(returnDelayMillis(reconnect, attempt, fraction), () => connect(place, true));
  }

  function onFailed(place: ClientPlace, refusal: Refusal, beganAtMicros: number): void {
    const { state, number } = place;
    const endedAtMicros = clock.nowMicros();
    const isReturn = state.memberOf(number) !== undefined;
    if (isReturn || !faults.keepsOut(state.hub, beganAtMicros, endedAtMicros)) {
      state.fail(number, refusal, endedAtMicros);
      if (isReturn) comeBack(place);
      return;
    }
    // Who is new when a fault is on connects once it is over.
    state.admissions.postpone(number, refusal);
    attempts.schedule(FIRST_RETRY_MILLIS, () => connect(place));
  }

  function rejoin(place: ClientPlace, connection: CohortConnection | undefined): void {
    const { state } = place;
    if (connection === undefined || options.isDraining(state.cohort.name)) return;
    state.end(connection, { how: 'left', atMicros: clock.nowMicros() });
    void connect(place);
  }

  async function connect(place: ClientPlace, isAttemptToReturn = false): Promise<void> {
    const { state, clientsBefore, number, slot } = place;
    // A stage may have brought it back meanwhile.
    if (isAttemptToReturn && state.memberOf(number)?.isOpen) return;
    if (slot) arrive(place);
    const who = { client: clientsBefore + number + 1, cohort: state.cohort.name, inCohort: number };
    /** Among the clients of its hub. */
    const spread = Math.floor(number / hubs.length);
    const as = connectAs(hubs[state.hub] as HubAccess, who);
    let ledger: ClientLedger | undefined;
    let connection: CohortConnection | undefined;
    let first: { readonly sequence: number; readonly atMicros: number } | undefined;
    const client = new ListeningClient({
      connectAs: as,
      spread,
      tlsSession: sessionOf(place),
      offersDeflate: options.compression,
      ring: options.ring,
      behaviour: state.cohort.behaviour,
      clock,
      deadlineMillis: options.deadlineMillis,
      isProber: spread % 2 === 0,
      onRejoin: () => rejoin(place, connection),
      onEnded() {
        if (connection !== undefined) onEnded(place, connection);
      },
      createReceiver(control) {
        ledger = createClientLedger(options.logs[state.hub] as FrameLog, state.recorder, control, {
          before: state.memberOf(number)?.ledger,
          nowMicros: clock.nowMicros(),
          refused: state.refused,
          onFirst(sequence) {
            first = { sequence, atMicros: clock.nowMicros() };
            if (connection !== undefined) state.hasEvent(number, first);
            if (slot?.isWanted === false) clock.after(0, () => slot.leave?.());
          },
        });
        return ledger;
      },
    });
    const beganAtMicros = clock.nowMicros();
    const opened = await client.open();
    if (!opened.ok || ledger === undefined) {
      ledger?.close();
      if (!opened.ok) onFailed(place, opened, beganAtMicros);
      return;
    }
    if (isAttemptToReturn && attempts.isStopped) {
      ledger.close();
      client.close();
      return;
    }
    connection = { number, client, ledger };
    state.admit(connection, { ...opened, subprotocol: chosenOf(as, opened) });
    // Its first event, and its end, may have come before it was admitted.
    if (first !== undefined) state.hasEvent(number, first);
    if (!client.isOpen) onEnded(place, connection);
    if (slot === undefined) return;
    const admitted = connection;
    slot.leave = () => leave(place, admitted);
    if (!slot.isWanted) slot.leave();
  }

  return {
    connect,
    reset(connections) {
      for (const connection of connections) {
        resetting.add(connection);
        connection.client.close();
      }
    },
  };
}

/** What the hub chose of the subprotocols that the client offered; empty for none. */
function chosenOf({ subprotocols = [] }: ConnectAs, { response }: Connected): string | undefined {
  return subprotocols.length === 0 ? undefined : (response.headers['sec-websocket-protocol'] ?? '');
}

type Connected = Extract<Opened, { readonly ok: true }>;
