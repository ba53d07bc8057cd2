// A load test from connecting to the last count: phases in order, each with deadlines, each cut short when the hub goes,
// a worker goes, or the user stops the run. What was measured until then is always folded into a result.
import { type Networks, nameForwarders, startNetworks } from '../../faults/network/networks.ts';
import { createHealthMonitor } from '../../kit/process-health.ts';
import {
  createDeliverySeriesRecorder,
  type DeliverySeriesRecorder,
} from '../../ledger/latency/delivery-series.ts';
import { visibleUrls } from '../../target/proxy/visible-queues.ts';
import { hubsOf } from '../../target/replicas/joined-targets.ts';
import { hasSmallWindow } from '../../wire/kernel/small-window-socket.ts';
import { createFaultTolerance } from '../faults/fault-tolerance.ts';
import { createFaultLog } from '../faults/fault-window.ts';
import { loadHttp } from '../http/load-http.ts';
import type { MeasuredHttp } from '../http/start-http-load.ts';
import { reachHubs } from '../machine/sources/reach-hubs.ts';
import type { HubSources } from '../machine/sources/source-addresses.ts';
import { fastNames, hasSlowClients, keptNames, needsPressure, slowNames } from '../plan/plan.ts';
import { describeLastingRefusal, describeSetupProblem } from '../result/findings/publishing.ts';
import type { PressureResult } from '../result/parts/pressure.ts';
import { publishedRanges } from '../result/published-ranges.ts';
import type { Finding, LoadtestResult, OriginOutcome } from '../result/result.ts';
import { readCpuMicros } from '../worker/account/cpu-time.ts';
import { createCohortTotals } from './cohort-progress.ts';
import { openHubs } from './faults/late-hubs.ts';
import { foldRun, type HubFigures, readHubs, readMoment } from './fold-run.ts';
import { type Journal, startJournal } from './journal/journal.ts';
import { type GoingRun, measureSoFar } from './journal/measure-so-far.ts';
import { probeOrigins } from './origin-probe.ts';
import { arm } from './phases/arm.ts';
import { CONNECT_DEADLINE_MILLIS, connectCohorts } from './phases/connect.ts';
import { drain } from './phases/drain.ts';
import { measure } from './phases/measure.ts';
import { applyPressure } from './phases/pressure.ts';
import { startPublishing } from './phases/publish.ts';
import { warmUp } from './phases/warm-up.ts';
import { Publisher } from './publisher.ts';
import { createReturnAccount, type ReturnAccount } from './returns/return-account.ts';
import type { RunContext } from './run-context.ts';
import { RunControl } from './run-control.ts';
import type { LoadRunOptions } from './run-options.ts';
import { type ThresholdWatch, watchThresholds } from './thresholds/threshold-watch.ts';
import { publishInTurn } from './turns/publish-in-turn.ts';
import type { DeliveryWatch } from './watch/delivery-watch.ts';
import { createRunWatch } from './watch/run-watch.ts';
import { createSocketQueueWatch } from './watch/socket-queue-watch.ts';
import { watchDeliveries } from './watch/watch-deliveries.ts';
import { startWorkerPool, type WorkerPool } from './worker-pool.ts';
import type { WorkerAccounts } from './workers/gone-worker.ts';

export async function runLoadTest(options: LoadRunOptions): Promise<LoadtestResult> {
  const undoNames = nameForwarders(options.plan.faults, options.target);
  const run = new LoadRun(options);
  try {
    return await run.complete();
  } finally {
    run.close();
    undoNames();
  }
}

class LoadRun implements GoingRun {
  readonly options: LoadRunOptions;
  readonly startedAtMicros: number;
  readonly startedAtWallMillis: number;
  private readonly runId: string;
  readonly health = createHealthMonitor();
  readonly findings: Finding[] = [];
  readonly faults = createFaultLog();
  private networks: Networks | undefined;
  readonly publisher: Publisher;
  readonly returns: ReturnAccount;
  readonly series: DeliverySeriesRecorder;
  readonly watch: ReturnType<typeof createRunWatch>;
  readonly control: RunControl;
  readonly thresholds: ThresholdWatch;
  private readonly onInterrupted = (): void => this.control.stopEarly('user', 'interrupted');
  private pool: WorkerPool | undefined;
  origin: OriginOutcome[] = [];
  private httpLoad: Promise<MeasuredHttp> = Promise.resolve({ outcomes: [] });
  pressure: PressureResult | null = null;
  pressedFromEvent: number | undefined;
  measuredFromMicros = 0;
  owedFrom: number | undefined;
  private journal: Journal | undefined;
  deliveries: DeliveryWatch | undefined;

  constructor(options: LoadRunOptions) {
    const { target, clock, plan, interruption } = options;
    this.options = options;
    this.startedAtMicros = clock.nowMicros();
    this.series = createDeliverySeriesRecorder(new Set(fastNames(plan)));
    this.startedAtWallMillis = clock.wallMillis();
    this.runId = `r${plan.seed.toString(36)}x${Math.floor(this.startedAtMicros).toString(36)}`;
    this.publisher = new Publisher(target, this.runId, clock);
    this.returns = createReturnAccount(plan, this.publisher, this.faults);
    this.watch = createRunWatch({
      clock,
      startedAtMicros: this.startedAtMicros,
      socketQueues: hasSlowClients(plan)
        ? createSocketQueueWatch({ hubUrls: () => visibleUrls(hubsOf(target)), clock })
        : undefined,
      resources: () => target.resources(),
      publishedEvents: () => this.publisher.acceptedEvents,
      faults: plan.faults.length === 0 ? undefined : () => this.faults.windows(),
      returns: plan.cohorts.some(({ reconnect }) => reconnect) ? () => this.returns.attempts : undefined,
      clients: () => this.pool,
      lateness: this.publisher.lateness,
    });
    this.control = new RunControl(clock, (phase) => {
      this.thresholds.look(this.pool);
      options.onProgress(this.watch.look(phase));
    });
    this.thresholds = watchThresholds(options, this.control, this.publisher, this.startedAtMicros);
    void target.died.then((sentence) => this.control.stopEarly('target', sentence));
    interruption.addEventListener('abort', this.onInterrupted, { once: true });
    if (interruption.aborted) this.onInterrupted();
  }

  async complete(): Promise<LoadtestResult> {
    const { plan, target, clock } = this.options;
    this.control.enter('connect');
    const kept = keptNames(plan);
    const probe = await probeOrigins(target, plan, clock);
    if (!probe.isReached && (probe.isFinal || kept.length === 0)) {
      this.control.stopEarly('target', probe.problem);
      return this.fold({ results: [] });
    }
    if (probe.isReached) this.origin = probe.outcomes;
    const sources = await reachHubs(this.options);
    if (!sources.ok) {
      this.control.stopEarly('target', sources.problem);
      return this.fold({ results: [] });
    }
    const context = await this.openContext(sources.value);
    this.journal = this.startJournal(context.pool);
    await connectCohorts(context, kept);
    const isNobodyIn = !probe.isReached && context.progress.sum(kept, 'connected') === 0;
    if (isNobodyIn) this.control.stopEarly('target', probe.problem);
    else if (target.abilities.broadcast) await this.publishAndMeasure(context);
    else await this.observe(context);
    await this.journal?.close();
    const { acceptedEvents, unansweredEvents } = this.publisher;
    const ranges = publishedRanges(plan, acceptedEvents, this.owedFrom, unansweredEvents);
    const { results, unaccounted = [] } = await context.pool.finish(ranges);
    return this.fold({ results: this.returns.finish(results, acceptedEvents), unaccounted });
  }

  close(): void {
    this.options.interruption.removeEventListener('abort', this.onInterrupted);
    // Ends what still runs when a phase threw.
    this.control.stopEarly('kit', 'the run is over');
    void this.journal?.close();
    this.health.close();
    this.thresholds.close();
    this.deliveries?.close();
    this.pool?.close();
    this.networks?.close();
  }

  private async openContext(sources: readonly HubSources[]): Promise<RunContext> {
    const { plan, target, clock } = this.options;
    const { control, publisher, watch, findings } = this;
    const networks = await startNetworks(plan.faults, target, clock);
    this.networks = networks;
    void networks.died.then((sentence) => control.stopEarly('kit', sentence));
    const pool = await startWorkerPool({
      plan,
      fleet: this.options.fleet,
      start: {
        runId: this.runId,
        hubs: await openHubs(plan.faults, target, networks, sources),
        compression: plan.compression,
        readBackend: plan.readBackend,
        deadlineMillis: CONNECT_DEADLINE_MILLIS,
        ...{ seed: plan.seed, areCompared: this.options.fleet !== undefined },
      },
      goesOnWithoutLost: this.options.lostAgent === 'continue',
      onFrameSizes: (sizes) => this.publisher.log.addFrameSizes(sizes),
      onReturns: (worker, batch) => this.returns.add(worker, batch),
      takersOfSeconds: [this.series, this.thresholds],
    });
    this.pool = pool;
    void pool.died.then((sentence) => control.stopEarly('kit', sentence));
    const progress = createCohortTotals(() => pool.progressAtHubs());
    publisher.onRefused = (from, to, why) => {
      pool.refuse(from, to, why);
      this.returns.refuse(from, to, why);
    };
    publisher.faults = createFaultTolerance(target, this.faults, clock, control.signal);
    publisher.countSlowClients = () => progress.sum(slowNames(plan), 'open');
    publishInTurn({ target, publisher, pool, progress, clock, kept: keptNames(plan) });
    const report = (finding: Finding) => {
      if (!findings.some(({ name }) => name === finding.name)) findings.push(finding);
    };
    const { faults, options } = this;
    const shared = { plan, target, clock, control, publisher, pool, progress, watch, faults, networks };
    return { ...shared, seats: options.fleet?.seats, report };
  }

  private async publishAndMeasure(context: RunContext): Promise<void> {
    const { plan, target, clock } = context;
    const publishing = startPublishing(context);
    this.owedFrom = await warmUp(context);
    if (this.owedFrom !== undefined) {
      this.measuredFromMicros = await arm(context);
      this.health.reset();
      this.deliveries = watchDeliveries(context);
      this.httpLoad = loadHttp(plan, target, clock, this.control.signal);
      await measure(context, this.measuredFromMicros, publishing);
      const isStopped = this.control.stop !== undefined;
      this.pressedFromEvent = this.publisher.acceptedEvents;
      if (!isStopped && needsPressure(plan)) this.pressure = await applyPressure(context, hasSmallWindow());
      await drain(context);
    }
    await publishing.end();
    const { acceptedEvents, refusal } = this.publisher;
    if (acceptedEvents === 0 && refusal)
      this.control.stopEarly('target', describeSetupProblem(refusal.problem));
  }

  /** Without a trigger there is nothing to account for: clients listen for the duration. */
  private async observe({ plan, clock, control }: RunContext): Promise<void> {
    control.enter('observe');
    await control.pauseUntil(clock.nowMicros() + plan.durationMillis * 1e3);
  }

  private async fold(accounts: WorkerAccounts): Promise<LoadtestResult> {
    const { publisher } = this;
    const { outcomes: http, problem } = await this.httpLoad;
    const lasting = publisher.refusals.lasting();
    if (lasting && publisher.acceptedEvents > 0) this.findings.push(describeLastingRefusal(lasting));
    if (problem !== undefined) this.findings.push({ name: 'http', severity: 'warning', message: problem });
    this.thresholds.finish();
    const hubs = await this.readHubs();
    return foldRun(this, readMoment(this), { ...hubs, ...accounts, series: this.series.finish(), http });
  }

  async readHubs(): Promise<HubFigures> {
    return { ...(await readHubs(this.options)), forwarders: await this.networks?.health() };
  }

  private startJournal(pool: WorkerPool): Journal | undefined {
    const { clock, writeJournal: write } = this.options;
    return (
      write &&
      startJournal({ clock, cpuMicros: readCpuMicros, measure: () => measureSoFar(this, pool), write })
    );
  }
}
