// What a run looks like from second to second: clients by state, what was published, and the hub's process. Apart from
// the run because it only watches: nothing here decides anything.

import type { LatencyHistogram } from '../../../ledger/latency/latency-histogram.ts';
import type { Target, TargetResources } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import type { SocketEnds } from '../../../wire/kernel/socket-ends.ts';
import type { FaultWindow } from '../../faults/fault-window.ts';
import type { LatencyWatch } from '../../outputs/latency-watch.ts';
import type { PhaseName } from '../../plan/phase.ts';
import type { DueEvent } from '../../plan/schedule.ts';
import type { RunSample } from '../../result/timeline.ts';
import type { CohortProgress } from '../../worker/worker-messages.ts';
import type { ProgressView } from '../run-options.ts';
import type { AgentView } from '../workers/view-agents.ts';
import { SampleSeries } from './sample-series.ts';
import type { ObservedQueues, SocketQueueWatch } from './socket-queue-watch.ts';
import { viewFaults } from './view-faults.ts';

const SAMPLE_MICROS = 1e6;
/** Types of events counted one by one in a second; the others are counted together. */
const MAX_EVENT_TYPES = 50;

export interface RunWatch {
  /** The present view; once a second it is kept as a sample. */
  look(phase: PhaseName): ProgressView;
  /** Passes a schedule on, counting its events by type. */
  tally(schedule: Iterator<DueEvent>): Generator<DueEvent, undefined>;
  samples(): readonly RunSample[];
  /** The socket queues of the client with this port, where the kernel shows them. */
  queuesOf(socketEnds: SocketEnds, atMicros: number): ObservedQueues | undefined;
  /** Reads the socket queues now. */
  readQueues(): Promise<void>;
  /** Reads them a last time, before clients that did not read read on. */
  endQueues(): Promise<void>;
}

/** What a worker pool knows of its clients while the run goes on. */
interface WatchedClients {
  progress(): readonly CohortProgress[];
  readonly latencies: LatencyWatch;
  /** Undefined on one machine. */
  readonly agents?: (() => readonly AgentView[]) | undefined;
}

export interface WatchedRun {
  readonly clock: Clock;
  readonly startedAtMicros: number;
  readonly resources: Target['resources'];
  /** Undefined in a run without slow clients. */
  readonly socketQueues: SocketQueueWatch | undefined;
  readonly publishedEvents: () => number;
  /** The clients; undefined before there are any. */
  readonly clients: () => WatchedClients | undefined;
  /** Those that have begun; undefined in a run without any. */
  readonly faults?: (() => readonly FaultWindow[]) | undefined;
  /** Attempts of clients to come back; undefined where none does. */
  readonly returns?: (() => NonNullable<ProgressView['returns']>) | undefined;
  /** Sent minus due, of measured events. */
  readonly lateness: LatencyHistogram;
}

export function createRunWatch(run: WatchedRun): RunWatch {
  const series = new SampleSeries();
  let nextMicros = run.startedAtMicros;
  let events: Record<string, number> = {};
  let hub: TargetResources | undefined;
  let isReading = false;

  // One reading at a time; a sample has the latest one, at most a second old.
  async function readHub(): Promise<void> {
    if (isReading) return;
    isReading = true;
    hub = await run.resources().catch(() => undefined);
    isReading = false;
  }

  function keep(view: ProgressView): void {
    series.add({
      atMillis: Math.round(view.elapsedMillis),
      phase: view.phase,
      publishedEvents: view.publishedEvents,
      events,
      clients: view.cohorts.map(clientsOf),
      hub: view.hub,
    });
    events = {};
    void readHub();
  }

  return {
    look(phase) {
      run.socketQueues?.look();
      const nowMicros = run.clock.nowMicros();
      const clients = run.clients();
      const view = {
        phase,
        elapsedMillis: (nowMicros - run.startedAtMicros) / 1e3,
        publishedEvents: run.publishedEvents(),
        latenessMicros: latenessOf(run.lateness),
        hub: hub === undefined ? null : { rssBytes: hub.rssBytes, cpuSeconds: hub.cpuSeconds },
        cohorts: (clients?.progress() ?? []).map((cohort) => ({
          ...cohort,
          latency: clients?.latencies.read(cohort.name) ?? null,
        })),
        ...(run.faults && { faults: viewFaults(run.faults(), nowMicros) }),
        ...(clients?.agents && { agents: clients.agents() }),
        ...(run.returns && { returns: run.returns() }),
      };
      if (nowMicros >= nextMicros) {
        nextMicros = Math.max(nextMicros + SAMPLE_MICROS, nowMicros + SAMPLE_MICROS / 2);
        keep(view);
      }
      return view;
    },
    *tally(schedule) {
      for (let next = schedule.next(); !next.done; next = schedule.next()) {
        yield next.value;
        const { type } = next.value.envelope;
        const name = type in events || Object.keys(events).length < MAX_EVENT_TYPES ? type : 'other';
        events[name] = (events[name] ?? 0) + 1;
      }
      return undefined;
    },
    samples: () => [...series.samples],
    queuesOf: (socketEnds, atMicros) => run.socketQueues?.queuesOf(socketEnds, atMicros),
    readQueues: async () => run.socketQueues?.lookNow(),
    endQueues: async () => run.socketQueues?.end(),
  };
}

function clientsOf(cohort: CohortProgress): RunSample['clients'][number] {
  const { name, attempted, connected, open, joined, evicted, away = 0, unaccounted = 0, deliveries } = cohort;
  return {
    ...{ cohort: name, attempted, open, joined, evicted },
    left: Math.max(0, connected - open - evicted - away - unaccounted),
    ...(away > 0 && { away }),
    ...(unaccounted > 0 && { unaccounted }),
    deliveries,
  };
}

function latenessOf(lateness: LatencyHistogram): ProgressView['latenessMicros'] {
  return lateness.count === 0 ? null : { p99: lateness.percentile(0.99), max: lateness.maxMicros };
}
