// From what the workers counted and the run saw to `loadtest.json`: a pure fold, ending in the verdict.
import { cpus, totalmem } from 'node:os';
import { mustBeKept, renderBehaviour } from '../../client/behaviour.ts';
import type { Verdict } from '../../files/verdict.ts';
import type { PublishLog } from '../../ledger/events/publish-log.ts';
import type { EvictionAnatomy } from '../../ledger/eviction-anatomy.ts';
import { type MergedDeliveries, mergeDeliveries } from '../../ledger/latency/delivery-series.ts';
import type { LatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import type { LedgerBalance } from '../../ledger/ledger.ts';
import { mergeBalances } from '../../ledger/ledger-balance.ts';
import type { TargetResources } from '../../target/target.ts';
import { hasSmallWindow } from '../../wire/small-window-socket.ts';
import { type LoadPlan, summarizePlan } from '../plan/plan.ts';
import { judgeThreshold } from '../plan/thresholds.ts';
import type { CohortPart, WorkerResult } from '../worker/worker-messages.ts';
import { describeAnatomy, type FateOf } from './anatomy.ts';
import { excuseTiming, foldFindings, judgeGenerator } from './findings.ts';
import { type FoldedCohort, foldCohort } from './fold-cohort.ts';
import { foldIsolation } from './isolation.ts';
import type {
  CohortResult,
  CohortSecond,
  Eviction,
  Finding,
  GeneratorHealth,
  HttpOutcome,
  LedgerResult,
  LoadtestResult,
  OriginOutcome,
  ProcessHealth,
  RunSample,
  TimelineSecond,
} from './result.ts';
import { LOADTEST_SCHEMA_VERSION } from './result.ts';

export interface Phase {
  readonly name: string;
  readonly fromMicros: number;
}

export interface FoldInput {
  readonly plan: LoadPlan;
  readonly kitVersion: string;
  readonly target: { readonly adapter: string; readonly url: string };
  readonly startedAtWallMillis: number;
  readonly startedAtMicros: number;
  readonly endedAtMicros: number;
  readonly measuredFromMicros: number;
  readonly phases: readonly Phase[];
  readonly samples: readonly RunSample[];
  readonly results: readonly WorkerResult[];
  readonly lateness: LatencyHistogram;
  readonly publishLog: PublishLog;
  /** What the kernel told of each connection. */
  readonly fateOf: FateOf;
  readonly publishedEvents: number;
  readonly hasPublishFailed: boolean;
  readonly coordinator: ProcessHealth;
  readonly resources: TargetResources | null;
  readonly origin: readonly OriginOutcome[];
  readonly http: readonly HttpOutcome[];
  readonly findings: readonly Finding[];
  readonly stoppedBecause: string | undefined;
  readonly hasTargetFailed: boolean;
  readonly isObserved: boolean;
}

export function foldResult(input: FoldInput): LoadtestResult {
  const { plan } = input;
  const folded = plan.cohorts.flatMap((cohort) => {
    const parts = input.results.flatMap(({ cohorts }) => cohorts.filter(({ name }) => name === cohort.name));
    return parts.length === 0
      ? []
      : [{ cohort, ...foldCohort(parts, renderBehaviour(cohort.behaviour), cohort.clients) }];
  });
  const isComplete = input.stoppedBecause === undefined && !input.isObserved;
  const ledger = foldLedgerResult(
    mergeBalances(folded.map(({ part }) => part.balance)),
    input.publishedEvents,
  );
  const generator = foldGenerator(input);
  const found = [
    ...input.findings,
    ...foldFindings({
      cohorts: folded,
      events: input.results.map(({ events }) => events),
      origin: input.origin,
      http: input.http,
      isComplete,
    }),
    ...(isComplete && !ledger.balanced ? [unbalanced(ledger)] : []),
  ];
  const findings = generator.limited ? excuseTiming(found) : found;
  const all = mergeDeliveries(folded.map(({ part }) => part.deliveries));
  const timeline = foldTimeline(input, all, folded);
  const measured: Omit<LoadtestResult, 'findings' | 'thresholds' | 'verdict'> = {
    schemaVersion: LOADTEST_SCHEMA_VERSION,
    kit: { name: 'norn-loadtest', version: input.kitVersion },
    target: input.target,
    plan: summarizePlan(plan),
    seed: plan.seed,
    startedAt: new Date(input.startedAtWallMillis).toISOString(),
    durationMs: Math.round((input.endedAtMicros - input.startedAtMicros) / 1e3),
    environment: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      hasSmallWindow: hasSmallWindow(),
    },
    hasTargetFailed: input.hasTargetFailed,
    partial: input.stoppedBecause !== undefined,
    ...(input.stoppedBecause === undefined ? {} : { stoppedBecause: input.stoppedBecause }),
    cohorts: folded.map(({ result }) => result),
    ledger,
    throughput: foldThroughput(input, all),
    lateness: input.lateness.summary(),
    isolation: foldIsolationOf(input, folded),
    generator,
    hub: input.resources,
    origin: input.origin,
    http: input.http,
    evictions: folded.flatMap(({ part }) => describeEvictions(part, input)),
    timeline,
    phases: input.phases.map(({ name, fromMicros }) => ({
      name,
      fromMillis: Math.round((fromMicros - input.startedAtMicros) / 1e3),
    })),
    measuredFromMillis: Math.max(0, Math.round((input.measuredFromMicros - input.startedAtMicros) / 1e3)),
    samples: input.samples,
  };
  const thresholds = plan.thresholds.map((threshold) => judgeThreshold(threshold, measured));
  return {
    ...measured,
    findings,
    thresholds,
    verdict: judge(input, measured.cohorts, findings, thresholds, generator),
  };
}

function judge(
  input: FoldInput,
  cohorts: readonly CohortResult[],
  findings: readonly Finding[],
  thresholds: LoadtestResult['thresholds'],
  generator: GeneratorHealth,
): Verdict {
  const hasErrors = findings.some(({ severity }) => severity === 'error');
  if (input.hasTargetFailed) return 'failed';
  if (hasErrors) return 'failed';
  if (input.stoppedBecause !== undefined) return 'inconclusive';
  if (thresholds.some(({ ok, isDecided }) => !ok && isDecided)) return 'failed';
  const hasJudged =
    !input.isObserved && input.publishedEvents > 0 && cohorts.some(({ received }) => received > 0);
  return hasJudged && !generator.limited ? 'passed' : 'inconclusive';
}

function foldLedgerResult(balance: LedgerBalance, published: number): LedgerResult {
  const { expected, received, evictedTail, leftTail, lost, foreign, balanced, imbalances } = balance;
  return { published, expected, received, evictedTail, leftTail, lost, foreign, balanced, imbalances };
}

function unbalanced({ imbalances }: LedgerResult): Finding {
  return {
    name: 'unbalanced',
    severity: 'error',
    message: `the ledger does not balance: ${imbalances[0] ?? 'no reason given'}`,
  };
}

function foldGenerator({ results, coordinator }: FoldInput): GeneratorHealth {
  const workers = results.map(({ health }) => health);
  const everyone = [...workers, coordinator];
  const reasons = judgeGenerator({ workers, coordinator });
  return {
    workers,
    coordinator,
    cpuSeconds: everyone.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    eventLoopDelayMicros: {
      p99: Math.max(...everyone.map(({ eventLoopDelayMicros }) => eventLoopDelayMicros.p99)),
      max: Math.max(...everyone.map(({ eventLoopDelayMicros }) => eventLoopDelayMicros.max)),
    },
    limited: reasons.length > 0,
    reasons,
  };
}

/** Rates over the measured seconds. */
function foldThroughput(
  { lateness, measuredFromMicros, plan, endedAtMicros }: FoldInput,
  all: MergedDeliveries,
): LoadtestResult['throughput'] {
  const untilMicros = Math.min(endedAtMicros, measuredFromMicros + plan.durationMillis * 1e3);
  const seconds = Math.max(1e-3, (untilMicros - measuredFromMicros) / 1e6);
  const inside = all.series.filter(
    ({ second }) => second * 1e6 >= measuredFromMicros && (second + 1) * 1e6 <= untilMicros,
  );
  const deliveries = inside.reduce((sum, point) => sum + point.deliveries, 0);
  return {
    publishedPerSecond: Math.round((lateness.summary().count / seconds) * 10) / 10,
    deliveriesPerSecond: inside.length === 0 ? 0 : Math.round(deliveries / inside.length),
  };
}

function foldIsolationOf(
  input: FoldInput,
  folded: readonly (FoldedCohort & { cohort: LoadPlan['cohorts'][number] })[],
): LoadtestResult['isolation'] {
  const startOf = (name: string) => input.phases.find((phase) => phase.name === name)?.fromMicros;
  const [baselineMicros, slowMicros] = [startOf('baseline'), startOf('slow clients')];
  if (baselineMicros === undefined || slowMicros === undefined)
    return { baselineP99Micros: null, loadedP99Micros: null, ratio: null };
  const kept = folded.filter(
    ({ cohort }) => mustBeKept(cohort.behaviour) && cohort.behaviour.kind === 'fast',
  );
  const { series } = mergeDeliveries(kept.map(({ part }) => part.deliveries));
  const untilMicros = input.measuredFromMicros + input.plan.durationMillis * 1e3;
  const whole = (micros: number) => Math.floor(micros / 1e6);
  return foldIsolation(
    series,
    { fromSecond: whole(baselineMicros) + 1, untilSecond: whole(slowMicros) },
    { fromSecond: whole(slowMicros) + 1, untilSecond: whole(untilMicros) },
  );
}

function foldTimeline(
  input: FoldInput,
  all: MergedDeliveries,
  folded: readonly FoldedCohort[],
): TimelineSecond[] {
  const first = Math.floor(input.startedAtMicros / 1e6);
  const evictionsBySecond = new Map<number, number>();
  for (const { endedAtMicros } of folded.flatMap(({ part }) => part.evictions)) {
    if (endedAtMicros === undefined) continue;
    const second = Math.floor(endedAtMicros / 1e6);
    evictionsBySecond.set(second, (evictionsBySecond.get(second) ?? 0) + 1);
  }
  const cohortsBySecond = cohortSeconds(folded);
  return all.series.map(({ second, deliveries, p50Micros, p99Micros }) => ({
    second: second - first,
    phase: input.phases.findLast(({ fromMicros }) => fromMicros <= (second + 1) * 1e6)?.name ?? '',
    deliveries,
    p50Micros,
    p99Micros,
    evicted: evictionsBySecond.get(second) ?? 0,
    cohorts: cohortsBySecond.get(second) ?? [],
  }));
}

function cohortSeconds(folded: readonly FoldedCohort[]): Map<number, CohortSecond[]> {
  const bySecond = new Map<number, CohortSecond[]>();
  for (const { part, deliveries } of folded) {
    for (const { second, deliveries: count, p50Micros, p99Micros } of deliveries.series) {
      const row = { name: part.name, deliveries: count, p50Micros, p99Micros };
      const rows = bySecond.get(second);
      if (rows === undefined) bySecond.set(second, [row]);
      else rows.push(row);
    }
  }
  return bySecond;
}

function describeEvictions({ name, evictions }: CohortPart, input: FoldInput): Eviction[] {
  const { publishLog, measuredFromMicros } = input;
  return evictions.map((eviction) =>
    describeEviction(
      name,
      eviction,
      measuredFromMicros,
      describeAnatomy(eviction, input.fateOf, publishLog, measuredFromMicros),
    ),
  );
}

function describeEviction(
  cohort: string,
  eviction: CohortPart['evictions'][number],
  zeroMicros: number,
  anatomy: EvictionAnatomy | null,
): Eviction {
  const millis = (micros: number | undefined) =>
    micros === undefined ? null : Math.round((micros - zeroMicros) / 1e3);
  const { client, stalledAfterMessages, messages, bytes, how, window } = eviction;
  return {
    cohort,
    client,
    stalledAtMillis: millis(eviction.stalledAtMicros),
    stalledAfterMessages,
    messages,
    bytes,
    endedAtMillis: millis(eviction.endedAtMicros),
    anatomy,
    how,
    window,
  };
}
