// A load test from connecting to the last count: phases in order, each with a deadline, each cut short when the hub
// goes, a worker goes, or the user stops the run. What was measured until then is always folded into a result.
import { mustBeEvicted } from '../client/behaviour.ts';
import type { PublishedRange } from '../ledger/ledger.ts';
import { runTimeline } from '../scenario/timeline.ts';
import type { Target } from '../target/target.ts';
import type { Clock } from '../time/clock.ts';
import { pause } from '../time/deadline.ts';
import { hasSmallWindow } from '../wire/small-window-socket.ts';
import { foldResult, type Phase } from './fold-result.ts';
import { runHttpLoad } from './http-load.ts';
import { probeOrigins } from './origin-probe.ts';
import { type LoadPlan, mustBeKept } from './plan.ts';
import { createHealthMonitor } from './process-health.ts';
import { Publisher } from './publisher.ts';
import type { Finding, HttpOutcome, LoadtestResult, OriginOutcome } from './result.ts';
import { createSchedule } from './schedule.ts';
import type { CohortProgress, WorkerResult } from './worker-messages.ts';
import { startWorkerPool, type WorkerPool } from './worker-pool.ts';

const POLL_MILLIS = 50;
const CONNECT_DEADLINE_MILLIS = 30_000;
const JOIN_DEADLINE_MILLIS = 20_000;
const FENCE_DEADLINE_MILLIS = 15_000;
const DRAIN_DEADLINE_MILLIS = 12_000;
const EVICTION_DEADLINE_MILLIS = 8_000;
/** Share of the duration in which only fast clients are connected, for comparison. */
const BASELINE_SHARE = 0.35;
/** Events sent to fill the hub's own queues when the run's events did not; at most so many bytes for each client. */
const PRESSURE = {
  small: { eventBytes: 8 * 1024, limitBytes: 1024 * 1024 },
  default: { eventBytes: 64 * 1024, limitBytes: 10 * 1024 * 1024 },
} as const;
const PRESSURE_WINDOW_EVENTS = 32;

export interface LoadRunOptions {
  readonly target: Target;
  readonly plan: LoadPlan;
  readonly kitVersion: string;
  readonly clock: Clock;
  /** Aborted when the user stops the run. */
  readonly interruption: AbortSignal;
  readonly onProgress: (view: ProgressView) => void;
}

/** What a person may see while the run goes on. */
export interface ProgressView {
  readonly phase: string;
  readonly elapsedMillis: number;
  readonly publishedEvents: number;
  readonly cohorts: readonly CohortProgress[];
}

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
  private pool: WorkerPool | undefined;
  private publishing: Promise<void> = Promise.resolve();
  private origin: OriginOutcome[] = [];
  private httpLoad: Promise<HttpOutcome[]> = Promise.resolve([]);
  private measuredFromMicros = 0;
  private owedFrom: number | undefined;
  private stoppedBecause: string | undefined;
  private hasTargetFailed = false;

  constructor(options: LoadRunOptions) {
    const { target, clock, plan, interruption } = options;
    this.options = options;
    this.startedAtMicros = clock.nowMicros();
    this.startedAtWallMillis = clock.wallMillis();
    this.runId = `r${plan.seed.toString(36)}x${Math.floor(this.startedAtMicros).toString(36)}`;
    this.publisher = new Publisher(target, this.runId, clock);
    void target.died.then((sentence) => this.stopEarly(sentence, true));
    interruption.addEventListener('abort', () => this.stopEarly('interrupted', false), { once: true });
  }

  async complete(): Promise<LoadtestResult> {
    const { plan, target } = this.options;
    this.enter('connect');
    this.origin = await probeOrigins(target.url);
    const { workers } = plan;
    this.pool = await startWorkerPool({
      workers,
      runId: this.runId,
      url: target.url,
      connectDeadlineMillis: CONNECT_DEADLINE_MILLIS,
    });
    void this.pool.died.then((sentence) => this.stopEarly(sentence, false));
    await this.connect(plan.cohorts.filter(mustBeKept).map(({ name }) => name));
    if (target.abilities.broadcast) await this.publishAndMeasure();
    else await this.observe();
    const results = await this.settle();
    return this.fold(results);
  }

  close(): void {
    this.stopPublishing.abort();
    this.stopHttp.abort();
    this.health.close();
    this.pool?.close();
  }

  private async connect(names: readonly string[]): Promise<void> {
    const { plan } = this.options;
    const cohorts = plan.cohorts.filter(({ name }) => names.includes(name));
    for (const cohort of cohorts) this.pool?.join(cohort, plan.rampPerSecond);
    const clients = cohorts.reduce((total, cohort) => total + cohort.clients, 0);
    const deadlineMillis = CONNECT_DEADLINE_MILLIS + (clients / plan.rampPerSecond) * 2_000;
    await this.waitUntil(() => this.sum(names, 'attempted') >= clients, deadlineMillis);
  }

  private async publishAndMeasure(): Promise<void> {
    const { plan, clock } = this.options;
    const timeline = runTimeline(plan.scenarios, { seed: plan.seed, speed: plan.speed });
    const schedule = createSchedule(timeline, clock.nowMicros(), plan.ratePerSecond);
    this.publishing = this.publisher.run(schedule, this.stopPublishing.signal);
    void this.publishing.then(() => this.onPublisherEnd());
    await this.warmUp();
    await this.measure();
    await this.applyPressure();
    await this.raiseFence();
  }

  /** The join barrier: a client takes part from the first event it has seen; hubs may register late. */
  private async warmUp(): Promise<void> {
    const { plan, clock } = this.options;
    this.enter('warm-up');
    const kept = this.keptNames();
    const startMicros = clock.nowMicros();
    const hasJoined = await this.waitUntil(
      () => this.sum(kept, 'joined') >= this.sum(kept, 'open'),
      JOIN_DEADLINE_MILLIS,
    );
    await this.pauseUntil(startMicros + plan.warmupMillis * 1e3);
    if (hasJoined) this.owedFrom = this.publisher.acceptedEvents;
    else if (!this.stoppedBecause) {
      const silent = this.sum(kept, 'open') - this.sum(kept, 'joined');
      this.findings.push({
        name: 'lost',
        severity: 'error',
        message: `${silent} connected clients got no event at all within ${JOIN_DEADLINE_MILLIS / 1e3} s`,
      });
    }
  }

  private async measure(): Promise<void> {
    const { plan, clock, target } = this.options;
    const slow = plan.cohorts.filter((cohort) => !mustBeKept(cohort)).map(({ name }) => name);
    this.measuredFromMicros = clock.nowMicros();
    const untilMicros = this.measuredFromMicros + plan.durationMillis * 1e3;
    this.publisher.measuredFromMicros = this.measuredFromMicros;
    this.health.reset();
    this.pool?.measure(this.measuredFromMicros, untilMicros);
    if (plan.httpLoadConnections > 0) {
      this.httpLoad = runHttpLoad(
        target.url,
        plan.httpLoadConnections,
        plan.durationMillis,
        target.abilities.broadcast,
        this.stopHttp.signal,
      );
      this.httpLoad.catch(() => {}); // looked at when it is awaited
    }
    if (slow.length > 0 && !this.stoppedBecause) {
      this.enter('baseline');
      await this.pauseUntil(this.measuredFromMicros + plan.durationMillis * BASELINE_SHARE * 1e3);
      this.enter('slow clients');
      if (!this.stoppedBecause) await this.connect(slow);
    } else this.enter('steady');
    await this.pauseUntil(untilMicros);
  }

  /** Kernels hide what a stalled client does not read; more bytes make the hub's own queue fill. Paced by the fast clients. */
  private async applyPressure(): Promise<void> {
    const probers = this.options.plan.cohorts.filter(({ behaviour }) => behaviour.kind === 'stall');
    const wanted = probers.reduce((total, { clients }) => total + Math.floor(clients / 2), 0);
    const names = probers.map(({ name }) => name);
    const areEvicted = () => this.sum(names, 'evicted') >= wanted;
    this.stopPublishing.abort();
    await this.publishing;
    if (
      this.stoppedBecause ||
      (wanted === 0 && !this.options.plan.cohorts.some(({ behaviour }) => mustBeEvicted(behaviour)))
    )
      return;
    this.enter('pressure');
    const { eventBytes, limitBytes } = PRESSURE[hasSmallWindow() ? 'small' : 'default'];
    const padding = 'x'.repeat(eventBytes);
    // Silent stalled clients and half-open ones tell nothing, so they get at least a full queue's worth.
    const leastEvents = 80;
    for (let sent = 0; sent * eventBytes < limitBytes && !this.stoppedBecause; sent += 8) {
      if (sent >= leastEvents && areEvicted()) break;
      const dueMicros = this.options.clock.nowMicros();
      const event = {
        dueMicros,
        envelope: {
          type: 'deploy.progress',
          appId: 'norn-loadtest',
          payload: { sagaId: 'pressure', message: padding },
        },
      };
      if (!(await this.publisher.publish(Array.from({ length: 8 }, () => event)))) break;
      const allowed = this.publisher.acceptedEvents - PRESSURE_WINDOW_EVENTS;
      await this.waitUntil(() => this.lowest(this.keptNames()) >= allowed, FENCE_DEADLINE_MILLIS);
    }
    await this.waitUntil(areEvicted, EVICTION_DEADLINE_MILLIS);
  }

  /** "Nothing more arrives" is shown by a last event that everyone who is owed it has. */
  private async raiseFence(): Promise<void> {
    this.enter('drain');
    if (this.stoppedBecause && this.stoppedBecause !== 'interrupted') return;
    const kept = this.keptNames();
    const dueMicros = this.options.clock.nowMicros();
    await this.publisher.publish([
      {
        dueMicros,
        envelope: {
          type: 'deploy.progress',
          appId: 'norn-loadtest',
          payload: { sagaId: 'fence', message: 'fence' },
        },
      },
    ]);
    const fence = this.publisher.acceptedEvents;
    const hasFence = () => this.lowest(kept) >= fence;
    const cameInTime = await this.waitUntil(hasFence, FENCE_DEADLINE_MILLIS, true);
    const behindNames = this.options.plan.cohorts
      .map(({ name }) => name)
      .filter((name) => !kept.includes(name));
    const before = this.lowest(kept);
    this.pool?.drain();
    await this.waitUntil(
      () => this.lowest(behindNames) >= fence && (cameInTime || hasFence()),
      DRAIN_DEADLINE_MILLIS,
      true,
    );
    if (!cameInTime && this.lowest(kept) > before) this.reportBlocked(before);
  }

  /** Without a trigger there is nothing to account for: clients listen for the duration. */
  private async observe(): Promise<void> {
    this.enter('observe');
    await this.pauseUntil(this.options.clock.nowMicros() + this.options.plan.durationMillis * 1e3);
  }

  private onPublisherEnd(): void {
    const { failure } = this.publisher;
    if (!failure || this.stoppedBecause) return;
    if (failure.kind === 'timeout') this.reportBlocked(this.lowest(this.keptNames()));
    else this.stopEarly(`the hub stopped taking broadcasts: ${failure.problem}`, true);
    this.stoppedBecause ??= failure.problem;
  }

  private reportBlocked(sequence: number): void {
    if (this.findings.some(({ name }) => name === 'blocked')) return;
    this.findings.push({
      name: 'blocked',
      severity: 'error',
      message: `clients that read at once got nothing after event ${Math.max(0, sequence - 1)} while stalled clients were connected: a slow client blocks everybody`,
    });
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
    const last = this.publisher.acceptedEvents - 1;
    const ranges: Record<string, PublishedRange> = {};
    for (const cohort of this.options.plan.cohorts) {
      const owed = mustBeKept(cohort) && this.owedFrom !== undefined ? { owedFrom: this.owedFrom } : {};
      ranges[cohort.name] = { first: 0, last, ...owed };
    }
    return (await this.pool?.finish(ranges)) ?? [];
  }

  private async fold(results: readonly WorkerResult[]): Promise<LoadtestResult> {
    const { options } = this;
    const resources = await options.target.resources();
    let http: HttpOutcome[] = [];
    try {
      http = await this.httpLoad;
    } catch (error) {
      this.findings.push({
        name: 'http',
        severity: 'warning',
        message: `the HTTP load ended early: ${(error as Error).message}`,
      });
    }
    return foldResult({
      plan: options.plan,
      kitVersion: options.kitVersion,
      target: { adapter: options.target.adapter, url: options.target.url },
      startedAtWallMillis: this.startedAtWallMillis,
      startedAtMicros: this.startedAtMicros,
      endedAtMicros: options.clock.nowMicros(),
      measuredFromMicros: this.measuredFromMicros,
      phases: this.phases,
      results,
      lateness: this.publisher.lateness,
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
    const { clock, onProgress } = this.options;
    onProgress({
      phase: this.phases.at(-1)?.name ?? '',
      elapsedMillis: (clock.nowMicros() - this.startedAtMicros) / 1e3,
      publishedEvents: this.publisher.acceptedEvents,
      cohorts: this.pool?.progress() ?? [],
    });
  }

  private keptNames(): string[] {
    return this.options.plan.cohorts.filter(mustBeKept).map(({ name }) => name);
  }

  private sum(
    names: readonly string[],
    key: 'attempted' | 'connected' | 'open' | 'joined' | 'evicted',
  ): number {
    return (this.pool?.progress() ?? [])
      .filter(({ name }) => names.includes(name))
      .reduce((total, one) => total + one[key], 0);
  }

  /** The next sequence of the client of these cohorts that is furthest behind; Infinity when none is open. */
  private lowest(names: readonly string[]): number {
    const values = (this.pool?.progress() ?? [])
      .filter(({ name }) => names.includes(name))
      .map(({ lowestNextSequence }) => lowestNextSequence ?? Number.POSITIVE_INFINITY);
    return Math.min(...values, Number.POSITIVE_INFINITY);
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
    const deadlineMicros = clock.nowMicros() + deadlineMillis * 1e3;
    while (!condition()) {
      if (clock.nowMicros() >= deadlineMicros) return false;
      if (this.stoppedBecause && (!evenWhenStopped || this.hasTargetFailed)) return false;
      if (
        this.stoppedBecause === 'interrupted' &&
        clock.nowMicros() >= deadlineMicros - (deadlineMillis - 2_000) * 1e3
      )
        return false;
      this.report();
      await pause(clock, POLL_MILLIS);
    }
    return true;
  }
}
