// From what the workers counted and the run saw to `loadtest.json`: a pure fold, ending in the verdict. What the machine
// was is handed in.
import { renderBehaviour } from '../../client/behaviour.ts';
import type { DeliverySeries } from '../../ledger/latency/delivery-series.ts';
import type { LatencyHistogram } from '../../ledger/latency/latency-histogram.ts';
import { mergeBalances } from '../../ledger/ledger-balance.ts';
import type { PublishLog } from '../../ledger/published/publish-log.ts';
import type { TargetResources } from '../../target/target.ts';
import type { ReportedTarget } from '../../target/tls/reported-target.ts';
import type { PaceCounts } from '../coordinator/publishing/pace-counts.ts';
import type { ReturnsSoFar } from '../coordinator/returns/return-account.ts';
import type { EarlyStop } from '../coordinator/run-control.ts';
import type { ObservedStandstill } from '../coordinator/watch/delivery-watch.ts';
import { type FaultWindow, KINDS_THAT_STOP_A_HUB } from '../faults/fault-window.ts';
import type { Phase } from '../plan/phase.ts';
import { fastNames, type LoadPlan, summarizePlan } from '../plan/plan.ts';
import type { Threshold } from '../plan/thresholds/parse-threshold.ts';
import { sumCounts } from '../worker/counts/handshake-counts.ts';
import type { AtHub, CohortPart } from '../worker/worker-messages.ts';
import { foldMachines, heardBy, type MachinesOfRun } from './agents/fold-machines.ts';
import { judgeAgents } from './agents/judge-agents.ts';
import type { AnatomySources } from './evictions/eviction-anatomy.ts';
import { foldEvictions } from './evictions/fold-evictions.ts';
import { withLatencies } from './faults/fault-latency.ts';
import { foldFaults } from './faults/fold-faults.ts';
import { judgeStandstill } from './findings/blocked.ts';
import { closingsOf } from './findings/closing.ts';
import { nameCauses } from './findings/consequences.ts';
import { foldFindings } from './findings/findings.ts';
import { excuseTiming } from './findings/generator.ts';
import { excuseBursts, judgePace } from './findings/pace.ts';
import { judgeForeign, judgePublishing } from './findings/publishing.ts';
import { foldVerdict } from './fold-verdict.ts';
import { foldAddresses, foldSources, type HubAddressCandidate } from './parts/addresses.ts';
import { foldCompression } from './parts/compression.ts';
import { countWanted, type FoldedCohort, foldCohort } from './parts/fold-cohort.ts';
import { foldThroughput } from './parts/fold-throughput.ts';
import { foldTimeline } from './parts/fold-timeline.ts';
import { foldSubprotocols } from './parts/handshakes.ts';
import type { HttpOutcome } from './parts/http.ts';
import { foldIsolation } from './parts/isolation.ts';
import { foldLedgerResult } from './parts/ledger.ts';
import type { PressureResult } from './parts/pressure.ts';
import type { PublishingResult } from './parts/publishing.ts';
import { foldTls } from './parts/tls.ts';
import {
  type Environment,
  type Finding,
  LOADTEST_SCHEMA_VERSION,
  type LoadtestResult,
  type OriginOutcome,
} from './result.ts';
import { type DescribedHub, foldTargets } from './targets/fold-targets.ts';
import type { RenderedWindows } from './thresholds/in-time/judge-in-time.ts';
import { judgeThresholds } from './thresholds/judge-threshold.ts';
import type { RunSample } from './timeline.ts';

export interface FoldInput extends MachinesOfRun {
  readonly plan: LoadPlan;
  readonly kitVersion: string;
  readonly target: ReportedTarget;
  /** All of them, the target first; a run with one need not give it. */
  readonly hubs?: readonly DescribedHub[];
  /** Of a hub whose host has several. */
  readonly addresses?: readonly HubAddressCandidate[];
  readonly environment: Environment;
  readonly startedAtWallMillis: number;
  readonly startedAtMicros: number;
  readonly endedAtMicros: number;
  readonly measuredFromMicros: number;
  readonly phases: readonly Phase[];
  /** That were injected, in the order of their beginnings. */
  readonly faults?: readonly FaultWindow[] | undefined;
  /** What became of clients that were away. */
  readonly returns?: ReturnsSoFar | undefined;
  readonly samples: readonly RunSample[];
  readonly series: DeliverySeries;
  readonly lateness: LatencyHistogram;
  /** Accepted events that were due in the measured time. */
  readonly measuredEvents: number;
  /** Undefined when nothing was measured. */
  readonly pace: PaceCounts | undefined;
  readonly publishLog: PublishLog;
  readonly publishing: PublishingResult;
  /** The socket queues of each client, by its port. */
  readonly queuesOf: AnatomySources['queuesOf'];
  /** The longest time in which nobody received anything. */
  readonly standstill?: ObservedStandstill | undefined;
  readonly publishedEvents: number;
  readonly pressure: PressureResult | null;
  /** The first event that was sent to fill queues; undefined where none was. */
  readonly pressedFromEvent?: number | undefined;
  /** Messages that the hub buffers for each client; undefined: not known. */
  readonly clientBufferMessages: number | undefined;
  readonly resources: TargetResources | null;
  readonly origin: readonly OriginOutcome[];
  readonly http: readonly HttpOutcome[];
  /** Of the phases. */
  readonly findings: readonly Finding[];
  readonly stop: EarlyStop | undefined;
  readonly isObserved: boolean;
  /** What became of a threshold in time. */
  readonly windowsOf?: (threshold: Threshold) => RenderedWindows | undefined;
}

type CohortOfPlan = FoldedCohort & { readonly cohort: LoadPlan['cohorts'][number] };

export function foldResult(input: FoldInput): LoadtestResult {
  const { plan, stop, isObserved } = input;
  const parts = partsOf(input);
  const folded = foldCohorts(input, parts);
  const measured = foldMeasured(input, folded, parts);
  const refusedDeliveries = folded.reduce((sum, { part }) => sum + part.balance.refused, 0);
  const isComplete = stop === undefined && !isObserved;
  const closings = closingsOf(measured.evictions);
  const published = [
    ...input.findings,
    ...judgePublishing(input.publishing, closings, input.findings, refusedDeliveries),
  ];
  const reported = [
    ...published,
    ...judgeStandstill(input.standstill, input.measuredFromMicros, closings, published),
  ];
  const found = [
    ...reported,
    ...judgeForeign(measured.ledger),
    ...judgeAgents(measured.agents, input),
    ...foldFindings({
      cohorts: folded,
      events: heardBy(input),
      cells: parts,
      targets: measured.targets ?? [],
      ...{ origin: input.origin, http: input.http, machines: input },
      ledger: measured.ledger,
      thresholds: plan.thresholds,
      isComplete,
      hasTargetFailed: measured.hasTargetFailed,
      pressure: input.pressure,
      clientBufferMessages: plan.clientBufferMessages,
      proxy: input.target.proxy,
      evictions: measured.evictions,
      times: { measuredFromMillis: measured.measuredFromMillis ?? 0, faults: measured.faults ?? [] },
      wasStopped: (input.faults ?? []).some(({ kind }) => KINDS_THAT_STOP_A_HUB.includes(kind)),
      isBlocked: reported.some(({ name }) => name === 'blocked'),
    }),
  ];
  const paced = measured.pace?.limitedBy === 'route' ? excuseBursts(found) : found;
  const findings = nameCauses(measured.generator.limited ? excuseTiming(paced, caughtUpOf(folded)) : paced);
  const thresholds = judgeThresholds(plan.thresholds, measured, { stop, windowsOf: input.windowsOf });
  const verdict = foldVerdict({
    ...measured,
    measuredEvents: input.measuredEvents,
    isPartial: stop !== undefined,
    stoppedBy: stop?.threshold,
    isObserved,
    findings,
    thresholds,
  });
  return { ...measured, findings, thresholds, verdict };
}

function caughtUpOf(folded: readonly CohortOfPlan[]): ReadonlySet<string> {
  return new Set(folded.filter(({ part }) => part.behind === 0).map(({ part }) => part.name));
}

/** Of every worker, those that are gone without a result among them. */
function partsOf({ results, unaccounted = [] }: FoldInput): AtHub<CohortPart>[] {
  return [...results, ...unaccounted].flatMap(({ cohorts }) => cohorts);
}

function foldCohorts({ plan, returns, stop }: FoldInput, all: readonly AtHub<CohortPart>[]): CohortOfPlan[] {
  return plan.cohorts.flatMap((cohort) => {
    const parts = all.filter(({ name }) => name === cohort.name);
    if (parts.length === 0) return [];
    const clients = countWanted(cohort, parts, stop === undefined ? plan.durationMillis : undefined);
    const { part, result } = foldCohort(parts, renderBehaviour(cohort.behaviour), clients);
    const missed = returns?.missed.get(cohort.name);
    return [{ cohort, part, result: missed === undefined ? result : { ...result, missed } }];
  });
}

function foldMeasured(
  input: FoldInput,
  folded: readonly CohortOfPlan[],
  cells: readonly AtHub<CohortPart>[],
): Omit<LoadtestResult, 'findings' | 'thresholds' | 'verdict'> {
  const { plan, stop, measuredFromMicros, endedAtMicros, startedAtMicros } = input;
  const sinceStartMillis = (micros: number) => Math.round((micros - startedAtMicros) / 1e3);
  const { hubs = [] } = input;
  const arrivals = input.results.map((result) => result.arrivals);
  const lateness = input.lateness.summary();
  const isPaced = input.pace !== undefined && stop === undefined;
  const pace = isPaced ? judgePace(input.pace, lateness, input.coordinator) : undefined;
  const plannedEndMicros = measuredFromMicros + plan.durationMillis * 1e3;
  const measuredTime = {
    fromMicros: measuredFromMicros,
    untilMicros: Math.min(endedAtMicros, plannedEndMicros),
  };
  const faults = withLatencies(foldFaults(input), {
    points: input.series.fast,
    faults: input.faults,
    ...measuredTime,
  });
  const tls = foldTls(folded.map(({ part }) => part.tls));
  const subprotocols = foldSubprotocols(folded.map(({ part }) => part.subprotocols));
  const addresses = foldAddresses(input.addresses ?? [], sumCounts(folded.map(({ part }) => part.addresses)));
  const sources = foldSources(sumCounts(folded.map(({ part }) => part.sources)));
  const compression = foldCompression(
    folded.map(({ part }) => part.compression),
    input.publishLog.compressedBefore(input.pressedFromEvent ?? input.publishedEvents),
  );
  return {
    schemaVersion: LOADTEST_SCHEMA_VERSION,
    kit: { name: 'norn-loadtest', version: input.kitVersion },
    target: input.target,
    plan: summarizePlan(plan),
    seed: plan.seed,
    startedAt: new Date(input.startedAtWallMillis).toISOString(),
    durationMs: sinceStartMillis(endedAtMicros),
    environment: input.environment,
    hasTargetFailed: stop?.by === 'target',
    partial: stop !== undefined,
    ...(stop === undefined ? {} : { stoppedBecause: stop.because }),
    cohorts: folded.map(({ result }) => result),
    ...foldTargets(hubs, fastNames(plan), cells, arrivals),
    ledger: foldLedgerResult(mergeBalances(folded.map(({ part }) => part.balance)), input.publishedEvents),
    throughput: foldThroughput(measuredTime, input.measuredEvents, input.series.all),
    lateness,
    ...(pace === undefined ? {} : { pace }),
    publishing: input.publishing,
    pressure: input.pressure,
    ...(tls === undefined ? {} : { tls }),
    ...(subprotocols.length === 0 ? {} : { subprotocols }),
    ...(addresses === undefined ? {} : { addresses }),
    ...(sources === undefined ? {} : { sources }),
    ...(compression === undefined ? {} : { compression }),
    isolation: foldIsolation(input.series.fast, input.phases, plannedEndMicros),
    ...foldMachines(input, pace),
    hub: input.resources,
    origin: input.origin,
    http: input.http,
    evictions: folded.flatMap(({ part }) => foldEvictions(part, { ...input, hubs: hubs.length })),
    ...(faults === undefined ? {} : { faults }),
    timeline: foldTimeline(input, input.series, folded, input.returns?.seconds),
    phases: input.phases.map(({ name, fromMicros }) => ({ name, fromMillis: sinceStartMillis(fromMicros) })),
    measuredFromMillis: Math.max(0, sinceStartMillis(measuredFromMicros)),
    samples: input.samples,
  };
}
