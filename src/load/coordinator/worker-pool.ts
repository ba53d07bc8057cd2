// The coordinator's side of its worker processes: starts them, shares cohorts out, and merges what they say.
import type { Cohort } from '../../client/cohort.ts';
import type { FrameSizeList } from '../../ledger/events/frame-sizes.ts';
import type { PublisherBlock } from '../../ledger/latency/publisher-blocks.ts';
import type { PublishedRange } from '../../ledger/ledger.ts';
import type { UnowedKind } from '../../ledger/refused-events.ts';
import { systemClock } from '../../time/clock.ts';
import { withDeadline } from '../../time/deadline.ts';
import type { FaultWindow } from '../faults/fault-window.ts';
import { createLatencyWatch, type LatencyWatch } from '../outputs/latency-watch.ts';
import { type LoadPlan, summarizePlan } from '../plan/plan.ts';
import { ARM_MILLIS } from '../plan/planned-phases.ts';
import { isWorkerOf } from '../result/agents/fold-agents.ts';
import type { ReturnBatch } from '../worker/returns/return-messages.ts';
import type {
  AtHub,
  CohortProgress,
  CohortSeconds,
  ConnectionDrop,
  StalledClient,
  ToWorker,
  WorkerResult,
  WorkerStart,
} from '../worker/worker-messages.ts';
import { createConfirmations } from './faults/confirmations.ts';
import { createInterimAccounts, type InterimResults } from './journal/interim-accounts.ts';
import { mergeAtHubs, mergeProgress } from './merge-progress.ts';
import { shareOut } from './stages/cohort-shares.ts';
import { createSilenceWatch } from './watch/silence-watch.ts';
import type { Fleet, FleetPart } from './workers/fleet.ts';
import { forkWorker } from './workers/fork-worker.ts';
import type { WorkerAccounts } from './workers/gone-worker.ts';
import { PoolWorker } from './workers/pool-worker.ts';
import { type AgentView, createAgentsView } from './workers/view-agents.ts';

/** Workers report ten times a second; on a busy machine a report may be late. */
const CURRENT_MILLIS = 1_000;
const RESULT_DEADLINE_MILLIS = 60_000;
/** What a worker that no longer reports still has. */
const SILENT_RESULT_DEADLINE_MILLIS = 2_000;

type Ranges = Readonly<Record<string, PublishedRange>>;

export interface WorkerPool {
  /** `clientsBefore` are those of the cohorts before it; `fromEvent` is the first event that its clients may be owed. */
  join(cohort: Cohort, clientsBefore: number, connectionsPerSecond: number, fromEvent: number): void;
  measure(fromMicros: number, untilMicros: number): void;
  /** Who publishes what is due then; `beside`: an agent whose workers have the clock that the block is published by. */
  announce(block: PublisherBlock, beside: FleetPart | undefined): void;
  /** So long before the measured time the workers must learn when it begins; 0 for processes of this machine. */
  readonly armMillis: number;
  /** Nobody joins or leaves by stages any more. */
  endStages(): void;
  /** The clients of these cohorts read on; those that do so already are left alone. */
  drain(cohorts: readonly string[]): void;
  /** The hub refused these events, both inclusive, or it is not known whether it took them: nobody is owed them. */
  refuse(from: number, to: number, why?: UnowedKind): void;
  /** Every worker knows that a fault begins, or is over; resolves then, or after a second. */
  announceFault(window: FaultWindow): Promise<void>;
  /** Resets a share of the connections at some hubs; resolves when all workers have, or after a second. */
  drop(drop: ConnectionDrop): Promise<void>;
  /** No client begins another attempt to come back. */
  stopReturning(): void;
  /** The latest progress of every cohort, over all workers and hubs. */
  progress(): CohortProgress[];
  /** The same, for each hub apart. */
  progressAtHubs(): AtHub<CohortProgress>[];
  /** What is to be seen of each agent; undefined on one machine. */
  readonly agents: (() => readonly AgentView[]) | undefined;
  /** Makes every worker report soon. */
  refresh(): void;
  /** Every worker has reported just now: what `progress` says is what is. */
  isCurrent(): boolean;
  /** As of the latest progress. */
  stalled(): StalledClient[];
  /** Latencies of every cohort so far, over all workers. */
  readonly latencies: LatencyWatch;
  /** What all workers have counted so far of events before `cut`; undefined where one does not answer in time. */
  account(ranges: Ranges, cut: number): Promise<(InterimResults & WorkerAccounts) | undefined>;
  /** What the workers have counted. */
  finish(ranges: Ranges): Promise<WorkerAccounts>;
  /** Clients of a cohort at lost agents that probed whether the hub had closed their sockets, and whose end was not seen. */
  lostProbers(cohort: string): number;
  /** Resolves with a sentence when the run cannot go on: a worker has ended by itself, no longer reports, or is lost. */
  readonly died: Promise<string>;
  close(): void;
}

export interface WorkerPoolOptions {
  readonly plan: LoadPlan;
  /** Where they are; default: they are child processes. */
  readonly fleet?: Fleet | undefined;
  readonly start: Omit<WorkerStart, 'plan'>;
  /** The run goes on without agents that are lost, while there is one. */
  readonly goesOnWithoutLost: boolean;
  readonly onFrameSizes: (sizes: FrameSizeList) => void;
  /** Gets what happened to clients of a worker that were away; has all of it once `finish` has resolved. */
  readonly onReturns: (worker: number, batch: ReturnBatch) => void;
  /** Each gets the deliveries of a cohort in seconds that have ended, and has all of them once `finish` has resolved. */
  readonly takersOfSeconds: readonly {
    add(cohort: string, seconds: CohortSeconds['seconds']): void;
    /** A worker was held up for so long, until now. */
    excuse?(heldUpMicros: number): void;
  }[];
}

export async function startWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const { workers: count, durationMillis } = options.plan;
  let reportDeath: (sentence: string) => void = () => {};
  const died = new Promise<string>((resolve) => {
    reportDeath = resolve;
  });
  const latencies = createLatencyWatch();
  const addSeconds = (cohorts: readonly CohortSeconds[]) => {
    for (const { name, seconds } of cohorts) {
      latencies.add(name, seconds);
      for (const taker of options.takersOfSeconds) taker.add(name, seconds);
    }
  };
  // One for all: it has the data of all clients, which other machines are sent once.
  const start: ToWorker = { kind: 'start', ...options.start, plan: summarizePlan(options.plan) };
  const accounts = createInterimAccounts(systemClock, count);
  const silence = createSilenceWatch(systemClock, count, (index, sentence) => {
    reportDeath(sentence);
    workers[index]?.giveUp();
  });
  const confirmations = createConfirmations(systemClock, count);
  const workers: readonly PoolWorker[] = Array.from(
    { length: count },
    (_, index) =>
      new PoolWorker({
        ...{ index, startWorker: options.fleet?.startWorker ?? forkWorker, hubs: options.start.hubs.length },
        durationMillis,
        onGone(sentence, isAgentLost) {
          confirmations.lose(index);
          accounts.lose(index);
          silence.forget(index);
          const isBorne = isAgentLost && options.goesOnWithoutLost && !workers.every(({ isGone }) => isGone);
          if (!isBorne) reportDeath(sentence);
        },
        onMessage(message) {
          silence.heard(index);
          const worker = workers[index];
          // From then on it reports, also while the pool waits for others.
          if (message.kind === 'ready') worker?.link.post(start);
          if (message.kind === 'account') accounts.add(index, message.account);
          if (message.kind === 'confirmed') confirmations.confirm(index, message.id);
          if (message.kind !== 'progress' && message.kind !== 'result') return;
          const report = message.kind === 'result' ? message.result : message;
          options.onReturns(index, report.returns);
          addSeconds(report.seconds);
          if (message.kind === 'progress')
            for (const taker of options.takersOfSeconds) taker.excuse?.(message.lateMicros);
          options.onFrameSizes(report.frameSizes);
        },
      }),
  );
  const close = () => {
    silence.close();
    for (const { link } of workers) link.kill();
  };
  await Promise.all(workers.map(({ started }) => started)).catch((error: unknown) => {
    close();
    throw error;
  });
  const unaccountedBy = (results: readonly WorkerResult[], ranges: Ranges) => {
    const accounted = new Set(results.map(({ worker }) => worker));
    return workers.flatMap((worker, index) => (accounted.has(index) ? [] : [worker.unaccounted(ranges)]));
  };
  const postAll = (message: ToWorker) => {
    for (const { link } of workers) link.post(message);
  };
  return {
    died,
    join(cohort, clientsBefore, connectionsPerSecond, fromEvent) {
      const shares = shareOut(cohort, clientsBefore, connectionsPerSecond, workers.length);
      for (const [index, worker] of workers.entries()) {
        const share = shares[index];
        if (share) worker.give(share, fromEvent);
      }
    },
    measure: (fromMicros, untilMicros) => postAll({ kind: 'measure', fromMicros, untilMicros }),
    announce({ offsetMicros, ...block }, beside) {
      const [own, others] = [
        { kind: 'block', ...block, offsetMicros },
        { kind: 'block', ...block },
      ] as const;
      for (const [index, { link }] of workers.entries())
        link.post(beside !== undefined && isWorkerOf(beside, index) ? own : others);
    },
    armMillis: options.fleet === undefined ? 0 : ARM_MILLIS,
    endStages: () => postAll({ kind: 'end-stages' }),
    drain: (cohorts) => postAll({ kind: 'drain', cohorts }),
    refuse: (from, to, why = 'refused') => postAll({ kind: 'refused', from, to, why }),
    announceFault: (window) => confirmations.request((id) => postAll({ kind: 'fault', window, id })),
    drop: (drop) => confirmations.request((id) => postAll({ kind: 'drop', id, ...drop })),
    stopReturning: () => postAll({ kind: 'stop-returning' }),
    latencies,
    stalled: () => workers.flatMap(({ stalled }) => stalled),
    isCurrent: () => silence.haveAllReported(CURRENT_MILLIS),
    agents:
      options.fleet &&
      createAgentsView(systemClock, options.fleet, () => workers.map((worker) => worker.view())),
    refresh: () => postAll({ kind: 'report' }),
    progress: () => mergeProgress(workers.flatMap(({ progress }) => progress)),
    progressAtHubs: () => mergeAtHubs(workers.flatMap(({ progress }) => progress)),
    async account(ranges, cut) {
      postAll({ kind: 'account', ranges, cut });
      const soFar = await accounts.next(cut);
      return soFar && { ...soFar, unaccounted: unaccountedBy(soFar.results, ranges) };
    },
    async finish(ranges) {
      postAll({ kind: 'finish', ranges });
      // Counting may take long; the deadline of the result is what bounds it.
      silence.close();
      // A worker that is gone, or does not answer, takes its counts with it; the others' are kept.
      const resultOf = ({ result }: PoolWorker, index: number) => {
        const millis = silence.isSilent(index) ? SILENT_RESULT_DEADLINE_MILLIS : RESULT_DEADLINE_MILLIS;
        const awaited = `result from worker process ${index + 1}`;
        return withDeadline(systemClock, result, millis, awaited).catch(({ message }: Error) => {
          reportDeath(message);
          return undefined;
        });
      };
      const all = await Promise.all(workers.map(resultOf));
      const results = all.flatMap((result, worker) => (result === undefined ? [] : [{ ...result, worker }]));
      return { results, unaccounted: unaccountedBy(results, ranges) };
    },
    lostProbers: (cohort) => workers.reduce((sum, worker) => sum + worker.lostProbers(cohort), 0),
    close,
  };
}
