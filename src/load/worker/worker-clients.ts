// The clients of one worker process: connects them evenly, drains them, and accounts for them at the end. They share one
// event log, in which each is a position.
import { mayReturn } from '../../client/behaviour.ts';
import type { Cohort } from '../../client/cohort.ts';
import { ListeningClient } from '../../client/listening-client.ts';
import { noteUnread } from '../../client/note-unread.ts';
import { createClientLedger } from '../../ledger/client/client-ledger.ts';
import { createEventLog, type FrameLog } from '../../ledger/events/event-log.ts';
import { type ArrivalTimes, FirstArrivals } from '../../ledger/events/first-arrivals.ts';
import type { FrameSizeList } from '../../ledger/events/frame-sizes.ts';
import type { DeliveryRecorder, DeliverySecond } from '../../ledger/latency/delivery-recorder.ts';
import type { ClientLedger, EventLogSnapshot, PublishedRange } from '../../ledger/ledger.ts';
import { RefusedEvents } from '../../ledger/refused-events.ts';
import { connectAs, type HubAccess } from '../../target/identity/client-identity.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import type { ConnectAs, Opened } from '../../wire/connection.ts';
import type { TlsSessionStore } from '../../wire/tls/tls-facts.ts';
import type { CohortConnection } from './account/cohort-connection.ts';
import { CohortState } from './cohort-state.ts';
import type {
  AtHub,
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
  progress(): AtHub<CohortProgress>[];
  stalled(): StalledClient[];
  /** Of events that came compressed, since this was called last; in numbers of accepted events. */
  takeFrameSizes(): FrameSizeList;
  /** The seconds that have ended since this was called last, of cohorts that have any. */
  takeEndedSeconds(): CohortSeconds[];
  finish(ranges: Readonly<Record<string, PublishedRange>>): FinishedClients;
  /** What was counted until now, of events before `cut`; `rest` is awaited again and again. Nobody is disturbed. */
  account(
    ranges: Readonly<Record<string, PublishedRange>>,
    cut: number,
    rest: () => Promise<void>,
  ): Promise<FinishedClients>;
}

interface FinishedClients {
  readonly cohorts: readonly AtHub<CohortPart>[];
  readonly seconds: readonly CohortSeconds[];
  readonly events: readonly EventLogSnapshot[];
  readonly arrivals: readonly ArrivalTimes[];
}

const NOTHING_OWED: PublishedRange = { first: 0, last: -1 };

export interface WorkerClientsOptions {
  readonly runId: string;
  readonly hubs: readonly HubAccess[];
  /** Clients offer permessage-deflate. */
  readonly compression?: boolean;
  /** For each connection attempt. */
  readonly deadlineMillis: number;
  readonly clock: Clock;
}

export function createWorkerClients({
  runId,
  hubs,
  compression = false,
  deadlineMillis,
  clock,
}: WorkerClientsOptions): WorkerClients {
  // Each hub has an order of its own, and may write the same event in other bytes.
  const arrivals = hubs.length > 1 ? hubs.map(() => new FirstArrivals()) : [];
  const logs = hubs.map((_, hub) => createEventLog({ runId, arrivals: arrivals[hub] }));
  const states: CohortState[] = [];
  const draining = new Set<string>();
  const refused = new RefusedEvents();
  let window = { fromMicros: Number.POSITIVE_INFINITY, untilMicros: Number.POSITIVE_INFINITY };

  function applyWindow(recorder: DeliveryRecorder | FirstArrivals): void {
    recorder.measuredFromMicros = window.fromMicros;
    recorder.measuredUntilMicros = window.untilMicros;
  }

  function secondsOf(take: (recorder: DeliveryRecorder) => readonly DeliverySecond[]): CohortSeconds[] {
    return states
      .map(({ cohort, recorder }) => ({ name: cohort.name, seconds: take(recorder) }))
      .filter(({ seconds }) => seconds.length > 0);
  }

  function heard(): Pick<FinishedClients, 'events' | 'arrivals'> {
    return {
      events: logs.flatMap((log) => log.snapshots()),
      arrivals: arrivals.map((each) => each.snapshot()),
    };
  }

  /** The clients of the cohort at each hub, by hub. */
  function admitCohort(cohort: Cohort, hubOf: (at: number) => number): (hub: number) => CohortState {
    const counts = hubs.map(() => 0);
    for (let at = 0; at < cohort.clients; at++) counts[hubOf(at)] = (counts[hubOf(at)] ?? 0) + 1;
    const own = counts.map(
      (clients, hub) =>
        new CohortState({ ...cohort, clients }, { refused, hub, offersCompression: compression }),
    );
    for (const state of own) applyWindow(state.recorder);
    states.push(...own.filter(({ cohort }) => cohort.clients > 0));
    return (hub) => own[hub] as CohortState;
  }

  async function join({
    cohort,
    firstClient,
    clientsBefore,
    connectionsPerSecond,
  }: CohortShare): Promise<void> {
    // All clients of the run go to the hubs in turn.
    const hubOf = (at: number) => (clientsBefore + firstClient + at) % hubs.length;
    const stateAt = admitCohort(cohort, hubOf);
    const startMicros = clock.nowMicros();
    const attempts: Promise<void>[] = [];
    while (attempts.length < cohort.clients) {
      const elapsedSeconds = (clock.nowMicros() - startMicros) / 1e6;
      const due = Math.min(
        cohort.clients,
        Math.ceil((elapsedSeconds + RAMP_STEP_MILLIS / 1e3) * connectionsPerSecond),
      );
      while (attempts.length < due) {
        const at = attempts.length;
        attempts.push(connect(stateAt(hubOf(at)), clientsBefore, firstClient + at));
      }
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
    /** Among the clients of its hub. */
    const place = Math.floor(number / hubs.length);
    const as: ConnectAs = { ...connectAs(hubs[state.hub] as HubAccess, who), spread: place };
    let ledger: ClientLedger | undefined;
    let connection: CohortConnection | undefined;
    const client = new ListeningClient({
      connectAs: as,
      tlsSession: mayReturn(state.cohort.behaviour) ? session : undefined,
      offersDeflate: compression,
      behaviour: state.cohort.behaviour,
      clock,
      deadlineMillis,
      isProber: place % 2 === 0,
      onRejoin() {
        if (draining.has(state.cohort.name) || connection === undefined) return;
        state.leaveToReturn(connection);
        void connect(state, clientsBefore, number, session);
      },
      createReceiver(control) {
        ledger = createClientLedger(logs[state.hub] as FrameLog, state.recorder, control);
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
      for (const each of arrivals) applyWindow(each);
    },
    async drain(cohorts) {
      const slow = states
        .filter(({ cohort }) => cohorts.includes(cohort.name) && !draining.has(cohort.name))
        .flatMap((state) => state.connections().map(({ client }) => client));
      for (const name of cohorts) draining.add(name);
      await noteUnread(
        slow,
        hubs.map(({ url }) => url),
      );
      for (const client of slow) client.drain();
    },
    refuse: (from, to) => refused.add(from, to),
    progress: () => states.map((state) => state.progress()),
    stalled: () => states.flatMap((state) => state.stalled()),
    takeFrameSizes: () =>
      logs
        .flatMap(({ frameSizes }) => frameSizes.take())
        .map((value, at) => (at % 2 === 0 ? refused.rankOf(value) : value)),
    takeEndedSeconds: () => secondsOf((recorder) => recorder.takeEndedSeconds()),
    finish(ranges) {
      const cohorts = states.map((state) => state.account(ranges[state.cohort.name] ?? NOTHING_OWED));
      for (const { client, ledger } of states.flatMap((state) => state.connections())) {
        client.close();
        ledger.close();
      }
      const seconds = secondsOf((recorder) => recorder.takeLastSeconds());
      return { cohorts, seconds, ...heard() };
    },
    async account(ranges, cut, rest) {
      const settled = refused.before(cut);
      const cohorts: AtHub<CohortPart>[] = [];
      for (const state of [...states])
        cohorts.push(await state.accountSoFar(ranges[state.cohort.name] ?? NOTHING_OWED, settled, rest));
      // Seconds that have ended are in the regular reports.
      return { cohorts, seconds: [], ...heard() };
    },
  };
}

/** What the hub chose of the subprotocols that the client offered; empty for none. */
function chosenOf({ subprotocols = [] }: ConnectAs, { response }: Connected): string | undefined {
  return subprotocols.length === 0 ? undefined : (response.headers['sec-websocket-protocol'] ?? '');
}

type Connected = Extract<Opened, { readonly ok: true }>;
