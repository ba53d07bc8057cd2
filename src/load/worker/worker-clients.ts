// The clients of one worker process: connects them evenly, drains them, and accounts for them at the end. They share one
// event log, in which each is a position.
import type { Cohort } from '../../client/cohort.ts';
import { noteUnread } from '../../client/note-unread.ts';
import { type EncodedDigests, EventDigests } from '../../ledger/events/event-digests.ts';
import { createEventLog } from '../../ledger/events/event-log.ts';
import { type ArrivalTimes, FirstArrivals } from '../../ledger/events/first-arrivals.ts';
import type { FrameSizeList } from '../../ledger/events/frame-sizes.ts';
import type { DeliveryRecorder, DeliverySecond } from '../../ledger/latency/delivery-recorder.ts';
import type { ClockReading } from '../../ledger/latency/latency-bounds.ts';
import type { EventLogSnapshot, PublishedRange } from '../../ledger/ledger.ts';
import { RefusedEvents, type UnowedKind } from '../../ledger/refused-events.ts';
import { type HubAccess, movedTo } from '../../target/identity/client-identity.ts';
import type { Clock } from '../../time/clock.ts';
import type { ReadRing } from '../../wire/ring/read-ring.ts';
import type { FaultWindow } from '../faults/fault-window.ts';
import { createClientConnector } from './client-connector.ts';
import { CohortState } from './cohort-state.ts';
import { chooseDropped } from './returns/choose-dropped.ts';
import { KnownFaults } from './returns/known-faults.ts';
import { probeLost } from './returns/probe-lost.ts';
import { createReturnAttempts } from './returns/return-attempts.ts';
import { ReturnLog } from './returns/return-log.ts';
import type { ReturnBatch } from './returns/return-messages.ts';
import { connectEvenly } from './stages/connect-evenly.ts';
import { type Slot, StagedClients } from './stages/staged-clients.ts';
import type {
  AtHub,
  CohortPart,
  CohortProgress,
  CohortSeconds,
  CohortShare,
  ConnectionDrop,
  StalledClient,
} from './worker-messages.ts';

export interface WorkerClients {
  /** Resolves when every first connection attempt has ended. */
  join(share: CohortShare): Promise<void>;
  measure(fromMicros: number, untilMicros: number): void;
  /** The coordinator is on another machine: so well is its clock known. */
  readClock(reading: ClockReading): void;
  /** Nobody joins or leaves by stages any more. */
  endStages(): void;
  /** The clients of these cohorts read on; resolves when they have begun. */
  drain(cohorts: readonly string[]): Promise<void>;
  /** Nobody is owed these events, both inclusive. */
  refuse(from: number, to: number, why: UnowedKind): void;
  /** A fault begins, or is over. */
  fault(window: FaultWindow): void;
  /** Resets a share of the connections at some hubs. */
  drop(drop: ConnectionDrop): void;
  /** No client begins another attempt to come back. */
  stopReturning(): void;
  /** What happened to clients that were away, since this was called last. */
  takeReturns(): ReturnBatch;
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
  readonly digests?: readonly EncodedDigests[] | undefined;
}

const NOTHING_OWED: PublishedRange = { first: 0, last: -1 };

export interface WorkerClientsOptions {
  readonly runId: string;
  readonly hubs: readonly HubAccess[];
  /** Clients offer permessage-deflate. */
  readonly compression?: boolean;
  /** Reads fast clients; undefined: Node's sockets do. */
  readonly ring?: ReadRing | undefined;
  /** For each connection attempt. */
  readonly deadlineMillis: number;
  readonly clock: Clock;
  /** The delays of clients that come back are drawn from it. */
  readonly seed?: number;
  readonly areCompared?: boolean;
}

export function createWorkerClients(options: WorkerClientsOptions): WorkerClients {
  const { runId, compression = false, ring, deadlineMillis, clock, seed = 1 } = options;
  /** A hub may be elsewhere after a restart. */
  const hubs = [...options.hubs];
  // Each hub has an order of its own, and may write the same event in other bytes.
  const arrivals = hubs.length > 1 ? hubs.map(() => new FirstArrivals()) : [];
  const digests = options.areCompared ? hubs.map(() => new EventDigests()) : undefined;
  const logs = hubs.map((_, hub) =>
    createEventLog({ runId, arrivals: arrivals[hub], digests: digests?.[hub] }),
  );
  const states: CohortState[] = [];
  const staged: StagedClients[] = [];
  const draining = new Set<string>();
  const refused = new RefusedEvents();
  const returns = new ReturnLog();
  const faults = new KnownFaults();
  const returnAttempts = createReturnAttempts(clock);
  const connector = createClientConnector({
    ...{ hubs, logs, compression, ring, deadlineMillis, clock, seed, faults },
    attempts: returnAttempts,
    isDraining: (cohort) => draining.has(cohort),
  });
  let reading: ClockReading | undefined;
  let window = { fromMicros: Number.POSITIVE_INFINITY, untilMicros: Number.POSITIVE_INFINITY };

  function applyWindow(recorder: DeliveryRecorder | FirstArrivals): void {
    recorder.measure(window.fromMicros, window.untilMicros);
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
        new CohortState(
          { ...cohort, clients },
          { refused, hub, offersCompression: compression, log: returns },
        ),
    );
    for (const state of own) {
      applyWindow(state.recorder);
      if (reading) state.recorder.readClock(reading);
      state.measureFrom(window.fromMicros);
    }
    states.push(...own.filter((state) => state.cohort.clients > 0 || cohort.stages !== undefined));
    return (hub) => own[hub] as CohortState;
  }

  async function join(share: CohortShare): Promise<void> {
    const { cohort, firstClient, clientsBefore, connectionsPerSecond } = share;
    // All clients of the run go to the hubs in turn.
    const hubOf = (at: number) => (clientsBefore + firstClient + at) % hubs.length;
    const stateAt = admitCohort(cohort, hubOf);
    const stages =
      cohort.stages === undefined ? undefined : new StagedClients({ share, clock, joinNewcomer });
    function joinNewcomer(slot: Slot): void {
      const state = stateAt((clientsBefore + slot.number) % hubs.length);
      if (slot.isFirst) state.newcomers++;
      void connector.connect({ state, clientsBefore, number: slot.number, slot });
    }
    if (stages) staged.push(stages);
    await connectEvenly(clock, cohort.clients, connectionsPerSecond, (at) => {
      const number = firstClient + at;
      return connector.connect({
        state: stateAt(hubOf(at)),
        clientsBefore,
        number,
        slot: stages?.first(number),
      });
    });
  }

  return {
    join,
    endStages() {
      for (const stages of staged) stages.end();
    },
    measure(fromMicros, untilMicros) {
      window = { fromMicros, untilMicros };
      for (const stages of staged) stages.begin(fromMicros, untilMicros);
      for (const state of states) {
        applyWindow(state.recorder);
        state.measureFrom(fromMicros);
      }
      for (const each of arrivals) applyWindow(each);
    },
    readClock(latest) {
      reading = latest;
      for (const { recorder } of states) recorder.readClock(latest);
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
    refuse: (from, to, why) => refused.add(from, to, why),
    fault(window) {
      faults.set(window);
      const { movedTo: url, hubs: on } = window;
      if (url !== undefined) for (const hub of on) hubs[hub] = movedTo(url, hubs[hub] as HubAccess);
      probeLost(states, window, clock);
    },
    drop: (drop) => connector.reset(chooseDropped(states, drop)),
    stopReturning: () => returnAttempts.stop(),
    takeReturns: () => returns.take(),
    progress: () => states.map((state) => state.progress()),
    stalled: () => states.flatMap((state) => state.stalled()),
    takeFrameSizes: () =>
      logs
        .flatMap(({ frameSizes }) => frameSizes.take())
        .map((value, at) => (at % 2 === 0 ? refused.rankOf(value) : value)),
    takeEndedSeconds: () => secondsOf((recorder) => recorder.takeEndedSeconds(clock.nowMicros())),
    finish(ranges) {
      const cohorts = states.map((state) => state.account(ranges[state.cohort.name] ?? NOTHING_OWED));
      for (const record of states.flatMap((state) => state.missing())) returns.addReturn(record);
      returnAttempts.stop();
      for (const { client, ledger } of states.flatMap((state) => state.connections())) {
        client.close();
        ledger.close();
      }
      const seconds = secondsOf((recorder) => recorder.takeLastSeconds());
      return { cohorts, seconds, ...heard(), digests: digests?.map((each) => each.encode()) };
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
