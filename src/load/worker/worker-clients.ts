// The clients of one worker process: connects them evenly, drains them, and accounts for them at the end. They share one
// event log, in which each is a position.
import { mayReturn } from '../../client/behaviour.ts';
import { ListeningClient } from '../../client/listening-client.ts';
import { noteUnread } from '../../client/note-unread.ts';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import type { FrameSizeList } from '../../ledger/events/frame-sizes.ts';
import type { DeliveryRecorder, DeliverySecond } from '../../ledger/latency/delivery-recorder.ts';
import type { ClientLedger, EventLogSnapshot, PublishedRange } from '../../ledger/ledger.ts';
import { RefusedEvents } from '../../ledger/refused-events.ts';
import { connectAs, type HubAccess } from '../../target/identity/client-identity.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { ConnectAs, Opened } from '../../wire/connection.ts';
import type { TlsSessionStore } from '../../wire/tls/tls-facts.ts';
import { type CohortConnection, CohortState } from './cohort-state.ts';
import type {
  CohortPart,
  CohortProgress,
  CohortSeconds,
  CohortShare,
  StalledClient,
} from './worker-messages.ts';

/** Connections are opened in steps of this length. */
const RAMP_STEP_MILLIS = 20;

export interface WorkerClients {
  /** Resolves when every first connection attempt has ended. */
  join(share: CohortShare): Promise<void>;
  measure(fromMicros: number, untilMicros: number): void;
  /** The clients of these cohorts read on; resolves when they have begun. */
  drain(cohorts: readonly string[]): Promise<void>;
  /** The hub refused these events, both inclusive: nobody is owed them. */
  refuse(from: number, to: number): void;
  progress(): CohortProgress[];
  stalled(): StalledClient[];
  /** Of events that came compressed, since this was called last; in numbers of accepted events. */
  takeFrameSizes(): FrameSizeList;
  /** The seconds that have ended since this was called last, of cohorts that have any. */
  takeEndedSeconds(): CohortSeconds[];
  finish(ranges: Readonly<Record<string, PublishedRange>>): {
    cohorts: CohortPart[];
    seconds: CohortSeconds[];
    events: EventLogSnapshot[];
  };
}

export interface WorkerClientsOptions {
  readonly runId: string;
  readonly hub: HubAccess;
  /** Clients offer permessage-deflate. */
  readonly compression?: boolean;
  /** For each connection attempt. */
  readonly deadlineMillis: number;
  readonly clock: Clock;
}

export function createWorkerClients({
  runId,
  hub,
  compression = false,
  deadlineMillis,
  clock,
}: WorkerClientsOptions): WorkerClients {
  const log = createEventLog({ runId });
  const states: CohortState[] = [];
  const draining = new Set<string>();
  const refused = new RefusedEvents();
  let window = { fromMicros: Number.POSITIVE_INFINITY, untilMicros: Number.POSITIVE_INFINITY };

  function applyWindow(recorder: DeliveryRecorder): void {
    recorder.measuredFromMicros = window.fromMicros;
    recorder.measuredUntilMicros = window.untilMicros;
  }

  function secondsOf(take: (recorder: DeliveryRecorder) => readonly DeliverySecond[]): CohortSeconds[] {
    return states
      .map(({ cohort, recorder }) => ({ name: cohort.name, seconds: take(recorder) }))
      .filter(({ seconds }) => seconds.length > 0);
  }

  async function join({
    cohort,
    firstClient,
    clientsBefore,
    connectionsPerSecond,
  }: CohortShare): Promise<void> {
    const state = new CohortState(cohort, refused, compression);
    applyWindow(state.recorder);
    states.push(state);
    const startMicros = clock.nowMicros();
    const attempts: Promise<void>[] = [];
    while (attempts.length < cohort.clients) {
      const elapsedSeconds = (clock.nowMicros() - startMicros) / 1e6;
      const due = Math.min(
        cohort.clients,
        Math.ceil((elapsedSeconds + RAMP_STEP_MILLIS / 1e3) * connectionsPerSecond),
      );
      while (attempts.length < due)
        attempts.push(connect(state, clientsBefore, firstClient + attempts.length));
      if (attempts.length < cohort.clients) await pause(clock, RAMP_STEP_MILLIS);
    }
    await Promise.all(attempts);
  }

  /** `tlsSession` is of a client that returns, and may be empty. */
  async function connect(
    state: CohortState,
    clientsBefore: number,
    number: number,
    tlsSession?: TlsSessionStore,
  ): Promise<void> {
    const isReturn = tlsSession !== undefined;
    const session = tlsSession ?? { session: undefined };
    const who = { client: clientsBefore + number + 1, cohort: state.cohort.name, inCohort: number };
    const as: ConnectAs = { ...connectAs(hub, who), spread: number };
    let ledger: ClientLedger | undefined;
    let connection: CohortConnection | undefined;
    const client = new ListeningClient({
      connectAs: as,
      tlsSession: mayReturn(state.cohort.behaviour) ? session : undefined,
      offersDeflate: compression,
      behaviour: state.cohort.behaviour,
      clock,
      deadlineMillis,
      isProber: number % 2 === 0,
      onRejoin() {
        if (draining.has(state.cohort.name) || connection === undefined) return;
        state.leaveToReturn(connection);
        void connect(state, clientsBefore, number, session);
      },
      createReceiver(control) {
        ledger = createClientLedger(log, state.recorder, control);
        return ledger;
      },
    });
    const opened = await client.open();
    if (opened.ok && ledger) {
      connection = { number, client, ledger };
      state.admit(connection, isReturn, { ...opened, subprotocol: chosenOf(as, opened) });
    } else {
      ledger?.close();
      if (!opened.ok) state.fail(opened, isReturn);
    }
  }

  return {
    join,
    measure(fromMicros, untilMicros) {
      window = { fromMicros, untilMicros };
      for (const { recorder } of states) applyWindow(recorder);
    },
    async drain(cohorts) {
      const slow = states
        .filter(({ cohort }) => cohorts.includes(cohort.name) && !draining.has(cohort.name))
        .flatMap((state) => state.connections().map(({ client }) => client));
      for (const name of cohorts) draining.add(name);
      await noteUnread(slow, hub.url);
      for (const client of slow) client.drain();
    },
    refuse: (from, to) => refused.add(from, to),
    progress: () => states.map((state) => state.progress()),
    stalled: () => states.flatMap((state) => state.stalled()),
    takeFrameSizes: () =>
      log.frameSizes.take().map((value, at) => (at % 2 === 0 ? refused.rankOf(value) : value)),
    takeEndedSeconds: () => secondsOf((recorder) => recorder.takeEndedSeconds()),
    finish(ranges) {
      const cohorts = states.map((state) =>
        state.account(ranges[state.cohort.name] ?? { first: 0, last: -1 }),
      );
      for (const { client, ledger } of states.flatMap((state) => state.connections())) {
        client.close();
        ledger.close();
      }
      const seconds = secondsOf((recorder) => recorder.takeLastSeconds());
      return { cohorts, seconds, events: log.snapshots() };
    },
  };
}

/** What the hub chose of the subprotocols that the client offered; empty for none. */
function chosenOf({ subprotocols = [] }: ConnectAs, { response }: Connected): string | undefined {
  return subprotocols.length === 0 ? undefined : (response.headers['sec-websocket-protocol'] ?? '');
}

type Connected = Extract<Opened, { readonly ok: true }>;
