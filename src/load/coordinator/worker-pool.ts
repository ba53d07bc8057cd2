// The coordinator's side of its worker processes: starts them, shares cohorts out, and merges what they say.
import { type ChildProcess, fork } from 'node:child_process';
import type { Cohort } from '../../client/cohort.ts';
import type { PublishedRange } from '../../ledger/ledger.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { systemClock } from '../../time/clock.ts';
import { withDeadline } from '../../time/deadline.ts';
import { createLatencyWatch, type LatencyWatch } from '../outputs/latency-watch.ts';
import type {
  CohortProgress,
  FromWorker,
  StalledClient,
  ToWorker,
  WorkerResult,
} from '../worker/worker-messages.ts';

const START_DEADLINE_MILLIS = 30_000;
const RESULT_DEADLINE_MILLIS = 60_000;

/** Workers report five times a second. Looks are counted, not time, so that a pool that was itself stopped blames nobody. */
const LOOK_MILLIS = 1_000;
const MAX_SILENT_LOOKS = 10;
const SILENT_RESULT_DEADLINE_MILLIS = 2_000;

const describeSilence = (index: number) =>
  `worker process ${index + 1} has not reported for ${MAX_SILENT_LOOKS} s: it was stopped, or got no CPU time`;

export interface WorkerPool {
  join(cohort: Cohort, connectionsPerSecond: number): void;
  measure(fromMicros: number, untilMicros: number): void;
  /** The clients of these cohorts read on; those that do so already are left alone. */
  drain(cohorts: readonly string[]): void;
  /** The hub refused these events, both inclusive: nobody is owed them. */
  refuse(from: number, to: number): void;
  /** The latest progress of every cohort, over all workers. */
  progress(): CohortProgress[];
  /** As of the latest progress. */
  stalled(): StalledClient[];
  /** Latencies of every cohort so far, over all workers. */
  readonly latencies: LatencyWatch;
  /** What the workers that are still there have counted. */
  finish(ranges: Readonly<Record<string, PublishedRange>>): Promise<readonly WorkerResult[]>;
  /** Resolves with a sentence when a worker ends by itself or no longer reports. */
  readonly died: Promise<string>;
  close(): void;
}

interface Worker {
  readonly process: ChildProcess;
  progress: readonly CohortProgress[];
  /** Looks of the pool since its last message. */
  silentLooks: number;
  stalled: readonly StalledClient[];
  /** Undefined when it ended without one. */
  readonly result: Promise<WorkerResult | undefined>;
}

export interface WorkerPoolOptions {
  readonly workers: number;
  readonly runId: string;
  readonly url: string;
  readonly connectDeadlineMillis: number;
}

export async function startWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  let reportDeath: (sentence: string) => void = () => {};
  const died = new Promise<string>((resolve) => {
    reportDeath = resolve;
  });
  const latencies = createLatencyWatch();
  const workers = await Promise.all(
    Array.from({ length: options.workers }, (_, index) => startWorker(index, reportDeath, latencies)),
  );
  const postAll = (message: ToWorker) => {
    for (const worker of workers) post(worker, message);
  };
  postAll({
    kind: 'start',
    runId: options.runId,
    url: options.url,
    deadlineMillis: options.connectDeadlineMillis,
  });
  const lookAround = (): void => {
    const at = workers.findIndex((worker) => ++worker.silentLooks > MAX_SILENT_LOOKS);
    if (at >= 0) reportDeath(describeSilence(at));
    look = systemClock.after(LOOK_MILLIS, lookAround);
  };
  let look = systemClock.after(LOOK_MILLIS, lookAround);
  return {
    died,
    join(cohort, connectionsPerSecond) {
      let firstClient = 0;
      for (const [index, worker] of workers.entries()) {
        const clients =
          Math.floor(cohort.clients / workers.length) + (index < cohort.clients % workers.length ? 1 : 0);
        const share = { ...cohort, clients };
        const rate = (connectionsPerSecond * clients) / cohort.clients;
        if (clients > 0)
          post(worker, { kind: 'join', cohort: share, firstClient, connectionsPerSecond: rate });
        firstClient += clients;
      }
    },
    measure: (fromMicros, untilMicros) => postAll({ kind: 'measure', fromMicros, untilMicros }),
    drain: (cohorts) => postAll({ kind: 'drain', cohorts }),
    refuse: (from, to) => postAll({ kind: 'refused', from, to }),
    latencies,
    stalled: () => workers.flatMap(({ stalled }) => stalled),
    progress: () => mergeProgress(workers.map(({ progress }) => progress)),
    async finish(ranges) {
      postAll({ kind: 'finish', ranges });
      // A worker that is gone, or does not answer, takes its counts with it; the others' are kept.
      const late = (worker: Worker) =>
        withDeadline(
          systemClock,
          worker.result,
          worker.silentLooks > MAX_SILENT_LOOKS ? SILENT_RESULT_DEADLINE_MILLIS : RESULT_DEADLINE_MILLIS,
          'result from a worker process',
        ).catch(() => undefined);
      const results = await Promise.all(workers.map(late));
      return results.filter((result) => result !== undefined);
    },
    close() {
      look.cancel();
      for (const worker of workers) worker.process.kill('SIGKILL');
    },
  };
}

async function startWorker(
  index: number,
  reportDeath: (sentence: string) => void,
  latencies: LatencyWatch,
): Promise<Worker> {
  const child = fork(programFile(new URL('../worker/worker-process.ts', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  let settle: (result: WorkerResult | undefined) => void = () => {};
  const worker: Worker = {
    process: child,
    progress: [],
    silentLooks: 0,
    stalled: [],
    result: new Promise<WorkerResult | undefined>((resolve) => {
      settle = resolve;
    }),
  };
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: FromWorker) => {
      worker.silentLooks = 0;
      if (message.kind === 'ready') resolve();
      else if (message.kind === 'progress') {
        worker.progress = message.cohorts;
        worker.stalled = message.stalled;
        for (const { name, seconds } of message.seconds) latencies.add(name, seconds);
      } else settle(message.result);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      const sentence = `worker process ${index + 1} ended by itself (${signal ?? `exit ${code}`})`;
      reject(new Error(sentence));
      settle(undefined);
      reportDeath(sentence);
    });
  });
  await withDeadline(
    systemClock,
    ready,
    START_DEADLINE_MILLIS,
    `sign of life from worker process ${index + 1}`,
  );
  return worker;
}

function post(worker: Worker, message: ToWorker): void {
  if (worker.process.connected) worker.process.send(message, () => {});
}

function mergeProgress(parts: readonly (readonly CohortProgress[])[]): CohortProgress[] {
  const byName = new Map<string, CohortProgress>();
  for (const part of parts.flat()) {
    const known = byName.get(part.name);
    byName.set(part.name, known ? addProgress(known, part) : part);
  }
  return [...byName.values()];
}

function addProgress(a: CohortProgress, b: CohortProgress): CohortProgress {
  const lowest = [a.lowestNextSequence, b.lowestNextSequence].filter((value) => value !== null);
  return {
    name: a.name,
    attempted: a.attempted + b.attempted,
    connected: a.connected + b.connected,
    open: a.open + b.open,
    joined: a.joined + b.joined,
    lowestNextSequence: lowest.length === 0 ? null : Math.min(...lowest),
    deliveries: a.deliveries + b.deliveries,
    evicted: a.evicted + b.evicted,
  };
}
