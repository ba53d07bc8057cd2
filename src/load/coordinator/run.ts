// A load test from connecting to the last count: phases in order, each with a deadline, each cut short when the hub
// goes, a worker goes, or the user stops the run. What was measured until then is always folded into a result.
import { mustBeKept } from '../../client/behaviour.ts';
import { runTimeline } from '../../scenario/timeline.ts';
import { pause } from '../../time/deadline.ts';
import { type MeasuredHttp, startHttpLoad } from '../http/start-http-load.ts';
import { countClients, hasSlowClients } from '../plan/plan.ts';
import { BASELINE_SHARE } from '../plan/planned-phases.ts';
import { createSchedule } from '../plan/schedule.ts';
import { describeBlocked, describeSilence } from '../result/findings.ts';
import { foldResult, type Phase } from '../result/fold-result.ts';
import { publishedRanges } from '../result/published-ranges.ts';
import type { Finding, LoadtestResult, OriginOutcome } from '../result/result.ts';
import { createHealthMonitor } from '../worker/process-health.ts';
import type { WorkerResult } from '../worker/worker-messages.ts';
import { createRollCall } from './cohort-progress.ts';
import { raiseFence } from './fence.ts';
import { probeOrigins } from './origin-probe.ts';
import { applyPressure, needsPressure } from './pressure.ts';
import { Publisher } from './publisher.ts';
import type { LoadRunOptions } from './run-options.ts';
import { createRunWatch, type RunWatch } from './run-watch.ts';
import { createHoldWatch } from './socket-queue-watch.ts';
import { startWorkerPool, type WorkerPool } from './worker-pool.ts';

const POLL_MILLIS = 50;
const CONNECT_DEADLINE_MILLIS = 30_000;
const JOIN_DEADLINE_MILLIS = 20_000;

export async function runLoadTest(options: LoadRunOptions): Promise<LoadtestResult> {
  const run = new LoadRun(options);
  try {
    return await run.complete();
  } finally {
    run.close();
  }
}

class LoadRun {
  private readonly options: LoadRunOptions;
  private readonly runId: string;
  private readonly publisher: Publisher;
  private readonly health = createHealthMonitor();
  private readonly phases: Phase[] = [];
  private readonly findings: Finding[] = [];
  private readonly stopPublishing = new AbortController();
  private readonly stopHttp = new AbortController();
  private readonly startedAtMicros: number;
  private readonly startedAtWallMillis: number;
  private readonly watch: RunWatch;
  private pool: WorkerPool | undefined;
  private readonly rollCall = createRollCall(() => this.pool?.progress() ?? []);
  private publishing: Promise<void> = Promise.resolve();
  private origin: OriginOutcome[] = [];
  private httpLoad: Promise<MeasuredHttp> = Promise.resolve({ outcomes: [] });
  private measuredFromMicros = 0;
  private owedFrom: number | undefined;
  private stoppedBecause: string | undefined;
  private hasTargetFailed = false;

  private readonly onInterrupted = (): void => this.stopEarly('interrupted', false);

  constructor(options: LoadRunOptions) {
    const { target, clock, plan, interruption } = options;
    this.options = options;
    this.startedAtMicros = clock.nowMicros();
    this.startedAtWallMillis = clock.wallMillis();
    this.runId = `r${plan.seed.toString(36)}x${Math.floor(this.startedAtMicros).toString(36)}`;
    this.publisher = new Publisher(target, this.runId, clock);
    this.watch = createRunWatch({
      clock,
      startedAtMicros: this.startedAtMicros,
      holds: hasSlowClients(plan) ? createHoldWatch({ hubUrl: target.url, clock }) : undefined,
      resources: () => target.resources(),
      publishedEvents: () => this.publisher.acceptedEvents,
      crowd: () => this.pool,
      lateness: this.publisher.lateness,
    });
    void target.died.then((sentence) => this.stopEarly(sentence, true));
    interruption.addEventListener('abort', this.onInterrupted, { once: true });
    if (interruption.aborted) this.onInterrupted();
  }

  async complete(): Promise<LoadtestResult> {
    const { plan, target, clock } = this.options;
    this.enter('connect');
    const probe = await probeOrigins(target.url, clock);
    if (probe.isReached) this.origin = probe.outcomes;
    else {
      this.stopEarly(probe.problem, true);
      return this.fold([]);
    }
    this.pool = await startWorkerPool({
      workers: plan.workers,
      runId: this.runId,
      url: target.url,
      connectDeadlineMillis: CONNECT_DEADLINE_MILLIS,
    });
    void this.pool.died.then((sentence) => this.stopEarly(sentence, false));
    await this.connect(this.keptNames());
    if (target.abilities.broadcast) await this.publishAndMeasure();
    else await this.observe();
    const results = await this.settle();
    return this.fold(results);
  }

  close(): void {
    this.options.interruption.removeEventListener('abort', this.onInterrupted);
    this.stopPublishing.abort();
    this.stopHttp.abort();
    this.health.close();
    this.pool?.close();
  }

  private async connect(names: readonly string[]): Promise<void> {
    const { plan } = this.options;
    const cohorts = plan.cohorts.filter(({ name }) => names.includes(name));
    for (const cohort of cohorts) this.pool?.join(cohort, plan.rampPerSecond);
    const clients = countClients(cohorts);
    const deadlineMillis = CONNECT_DEADLINE_MILLIS + (clients / plan.rampPerSecond) * 2_000;
    await this.waitUntil(() => this.rollCall.sum(names, 'attempted') >= clients, deadlineMillis);
  }

  private async publishAndMeasure(): Promise<void> {
    const { plan, clock } = this.options;
    const timeline = runTimeline(plan.scenarios, { seed: plan.seed, speed: plan.speed });
    const schedule = createSchedule(timeline, clock.nowMicros(), plan.ratePerSecond);
    this.publishing = this.publisher
      .run(this.watch.tally(schedule), this.stopPublishing.signal)
      .then(() => this.onPublisherEnd());
    // What is thrown there is a bug; it ends the run and is thrown again where the publishing is awaited.
    this.publishing.catch(() => this.stopEarly('publishing failed', false));
    if (!(await this.warmUp())) return;
    await this.measure();
    await this.pressure();
    await this.drain();
  }

  /** The join barrier: a client takes part from the first event it has seen; hubs may register late. */
  private async warmUp(): Promise<boolean> {
    const { plan, clock } = this.options;
    this.enter('warm-up');
    const kept = this.keptNames();
    const startMicros = clock.nowMicros();
    const hasJoined = await this.waitUntil(
      () => this.rollCall.sum(kept, 'joined') >= this.rollCall.sum(kept, 'open'),
      JOIN_DEADLINE_MILLIS,
    );
    await this.pauseUntil(startMicros + plan.warmupMillis * 1e3);
    if (hasJoined) this.owedFrom = this.publisher.acceptedEvents;
    else if (!this.stoppedBecause) {
      const silent = this.rollCall.sum(kept, 'open') - this.rollCall.sum(kept, 'joined');
      this.findings.push(describeSilence(silent, JOIN_DEADLINE_MILLIS / 1e3));
    }
    return hasJoined;
  }

  private async measure(): Promise<void> {
    const { plan, clock, target } = this.options;
    const slow = plan.cohorts.filter((cohort) => !mustBeKept(cohort.behaviour)).map(({ name }) => name);
    this.measuredFromMicros = clock.nowMicros();
    const untilMicros = this.measuredFromMicros + plan.durationMillis * 1e3;
    this.publisher.measuredFromMicros = this.measuredFromMicros;
    this.health.reset();
    this.pool?.measure(this.measuredFromMicros, untilMicros);
    if (plan.httpLoadConnections > 0) {
      const load = {
        hubUrl: target.url,
        connections: plan.httpLoadConnections,
        durationMillis: plan.durationMillis,
        hasBroadcasts: target.abilities.broadcast,
      };
      this.httpLoad = startHttpLoad(load, clock, this.stopHttp.signal);
    }
    if (slow.length > 0 && !this.stoppedBecause) {
      this.enter('baseline');
      await this.pauseUntil(this.measuredFromMicros + plan.durationMillis * BASELINE_SHARE * 1e3);
      this.enter('slow clients');
      if (!this.stoppedBecause) await this.connect(slow);
    } else this.enter('steady');
    await this.pauseUntil(untilMicros);
  }

  private async pressure(): Promise<void> {
    const { plan, clock } = this.options;
    this.stopPublishing.abort();
    await this.publishing;
    if (this.stoppedBecause || !needsPressure(plan)) return;
    this.enter('pressure');
    await applyPressure({
      plan,
      clock,
      publisher: this.publisher,
      rollCall: this.rollCall,
      isStopped: () => this.stoppedBecause !== undefined,
      waitUntil: (condition, deadlineMillis) => this.waitUntil(condition, deadlineMillis),
    });
  }

  private async drain(): Promise<void> {
    this.enter('drain');
    if (this.stoppedBecause && this.stoppedBecause !== 'interrupted') return;
    const { plan, clock } = this.options;
    const stoppedAt = await raiseFence({
      plan,
      clock,
      publisher: this.publisher,
      rollCall: this.rollCall,
      drainSlowClients: () => this.pool?.drain(),
      waitUntil: (condition, deadlineMillis) => this.waitUntil(condition, deadlineMillis, true),
    });
    if (stoppedAt !== undefined) this.reportBlocked(stoppedAt);
  }

  /** Without a trigger there is nothing to account for: clients listen for the duration. */
  private async observe(): Promise<void> {
    this.enter('observe');
    await this.pauseUntil(this.options.clock.nowMicros() + this.options.plan.durationMillis * 1e3);
  }

  private onPublisherEnd(): void {
    const { failure } = this.publisher;
    if (!failure || this.stoppedBecause) return;
    if (failure.kind === 'timeout') this.reportBlocked(this.rollCall.lowestNextSequence(this.keptNames()));
    else this.stopEarly(`the hub stopped taking broadcasts: ${failure.problem}`, true);
    this.stoppedBecause ??= failure.problem;
  }

  private reportBlocked(sequence: number): void {
    if (!this.findings.some(({ name }) => name === 'blocked')) this.findings.push(describeBlocked(sequence));
  }

  private stopEarly(sentence: string, isTarget: boolean): void {
    if (this.stoppedBecause) return;
    this.stoppedBecause = sentence;
    this.hasTargetFailed = isTarget;
    this.stopPublishing.abort();
    this.stopHttp.abort();
  }

  private async settle(): Promise<readonly WorkerResult[]> {
    this.stopPublishing.abort();
    await this.publishing;
    const ranges = publishedRanges(this.options.plan, this.publisher.acceptedEvents, this.owedFrom);
    return (await this.pool?.finish(ranges)) ?? [];
  }

  private async fold(results: readonly WorkerResult[]): Promise<LoadtestResult> {
    const { options } = this;
    const resources = await options.target.resources();
    const { outcomes: http, problem } = await this.httpLoad;
    if (problem !== undefined) this.findings.push({ name: 'http', severity: 'warning', message: problem });
    return foldResult({
      plan: options.plan,
      kitVersion: options.kitVersion,
      target: { adapter: options.target.adapter, url: options.target.url },
      startedAtWallMillis: this.startedAtWallMillis,
      startedAtMicros: this.startedAtMicros,
      endedAtMicros: options.clock.nowMicros(),
      measuredFromMicros: this.measuredFromMicros,
      phases: this.phases,
      samples: this.watch.samples(),
      results,
      lateness: this.publisher.lateness,
      publishLog: this.publisher.log,
      fateOf: this.watch.fateOf,
      publishedEvents: this.publisher.acceptedEvents,
      hasPublishFailed: this.publisher.failure !== undefined,
      coordinator: this.health.read(),
      resources: resources ?? null,
      origin: this.origin,
      http,
      findings: this.findings,
      stoppedBecause: this.stoppedBecause,
      hasTargetFailed: this.hasTargetFailed,
      isObserved: !options.target.abilities.broadcast,
    });
  }

  private enter(name: string): void {
    this.phases.push({ name, fromMicros: this.options.clock.nowMicros() });
    this.report();
  }

  private report(): void {
    this.options.onProgress(this.watch.look(this.phases.at(-1)?.name ?? ''));
  }

  private keptNames(): string[] {
    return this.options.plan.cohorts.filter(({ behaviour }) => mustBeKept(behaviour)).map(({ name }) => name);
  }

  private async pauseUntil(micros: number): Promise<void> {
    await this.waitUntil(() => this.options.clock.nowMicros() >= micros, Number.POSITIVE_INFINITY);
  }

  /** False when the deadline came first, or the run was stopped (unless `evenWhenStopped`). */
  private async waitUntil(
    condition: () => boolean,
    deadlineMillis: number,
    evenWhenStopped = false,
  ): Promise<boolean> {
    const { clock } = this.options;
    const startMicros = clock.nowMicros();
    const isOver = (limitMillis: number) => clock.nowMicros() >= startMicros + limitMillis * 1e3;
    while (!condition()) {
      if (isOver(deadlineMillis)) return false;
      if (this.stoppedBecause && (!evenWhenStopped || this.hasTargetFailed)) return false;
      if (this.stoppedBecause === 'interrupted' && isOver(2_000)) return false;
      this.report();
      await pause(clock, POLL_MILLIS);
    }
    return true;
  }
}
