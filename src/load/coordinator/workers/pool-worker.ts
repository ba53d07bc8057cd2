// One worker of a pool: what it was given, what it reported last, and whether it is still there.
import type { PublishedRange } from '../../../ledger/ledger.ts';
import type {
  AtHub,
  CohortProgress,
  CohortShare,
  FromWorker,
  StalledClient,
  WorkerResult,
} from '../../worker/worker-messages.ts';
import {
  accountForGone,
  countLostProbers,
  type GivenShare,
  progressOfGone,
  type UnaccountedWorker,
} from './gone-worker.ts';
import type { WorkerView } from './view-agents.ts';
import type { StartWorker, WorkerLink } from './worker-link.ts';

export interface PoolWorkerParts {
  readonly index: number;
  readonly startWorker: StartWorker;
  readonly hubs: number;
  /** Of the measured time. */
  readonly durationMillis: number;
  readonly onMessage: (message: FromWorker) => void;
  /** Called once, when it is gone. `isAgentLost`: it may go on, and nobody can reach it. */
  readonly onGone: (sentence: string, isAgentLost: boolean) => void;
}

export class PoolWorker {
  readonly link: WorkerLink;
  progress: readonly AtHub<CohortProgress>[] = [];
  stalled: readonly StalledClient[] = [];
  /** Resolves when it is ready, is gone or is given up; rejects when it cannot be started at all. */
  readonly started: Promise<void>;
  /** Undefined when it is gone without one. */
  readonly result: Promise<WorkerResult | undefined>;
  private lateMicros = 0;
  private readonly parts: PoolWorkerParts;
  private readonly shares: GivenShare[] = [];
  private reported: readonly AtHub<CohortProgress>[] = [];
  private account: WorkerResult | undefined;
  private settle: (result: WorkerResult | undefined) => void = () => {};
  private start: () => void = () => {};
  private fail: (error: Error) => void = () => {};
  isGone = false;

  constructor(parts: PoolWorkerParts) {
    this.parts = parts;
    this.result = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.started = new Promise((resolve, reject) => {
      [this.start, this.fail] = [resolve, reject];
    });
    this.link = parts.startWorker(parts.index, {
      onMessage: (message) => this.take(message),
      onError: (error) => this.fail(error),
      onEnd: (sentence, isAgentLost = false) => this.leave(sentence, isAgentLost),
    });
  }

  give(share: CohortShare, fromEvent: number): void {
    this.shares.push({ share, fromEvent });
    this.link.post({ kind: 'join', ...share });
    if (this.isGone) this.progress = progressOfGone(this.given());
  }

  view(): WorkerView {
    const sum = (key: 'open' | 'deliveries') => this.progress.reduce((total, part) => total + part[key], 0);
    return {
      open: sum('open'),
      deliveries: sum('deliveries'),
      lateMicros: this.isGone ? 0 : this.lateMicros,
    };
  }

  /** Nobody waits for its start any more. */
  giveUp(): void {
    this.start();
  }

  /** What its clients were owed, and what it had counted of that while the run went on. */
  unaccounted(ranges: Readonly<Record<string, PublishedRange>>): UnaccountedWorker {
    const cohorts = accountForGone(this.given(), ranges);
    return { worker: this.parts.index, cohorts, known: this.account };
  }

  /** 0 while it is there. */
  lostProbers(cohort: string): number {
    return this.isGone ? countLostProbers(this.given(), cohort) : 0;
  }

  private take(message: FromWorker): void {
    this.parts.onMessage(message);
    if (message.kind === 'ready') this.start();
    else if (message.kind === 'result') this.settle(message.result);
    else if (message.kind === 'account') this.account = message.account.result;
    else if (message.kind === 'progress' && !this.isGone) {
      this.lateMicros = message.lateMicros;
      this.reported = message.cohorts;
      [this.progress, this.stalled] = [message.cohorts, message.stalled];
    }
  }

  private leave(sentence: string, isAgentLost: boolean): void {
    if (this.isGone) return;
    this.isGone = true;
    this.progress = progressOfGone(this.given());
    this.stalled = [];
    this.parts.onGone(sentence, isAgentLost);
    this.settle(undefined);
    this.start();
  }

  private given() {
    const { hubs, durationMillis } = this.parts;
    const { shares, reported: progress, account } = this;
    return { shares, progress, account, hubs, durationMillis };
  }
}
