// The library's public surface: everything a program may import from `norn-loadtest`.
export type { Chapter, Clause, Level } from './conformance/check.ts';
export type { FixtureFinding, Measurement, Verdict as CheckVerdict } from './conformance/finding.ts';
export type { KnownFailing } from './conformance/known-failing.ts';
export type { CheckResult, ConformanceResult, Summary } from './conformance/result.ts';
export type { RunEnvironment } from './conformance/run/run-environment.ts';
export type { Selection } from './conformance/run/selection.ts';
export type { GivenSettings } from './conformance/run/settings.ts';
export type { Verdict } from './files/verdict.ts';
export type { Outcome as FixtureOutcome, Reproduction } from './fixture/judge/outcome.ts';
export type { ReplayResult, SessionSummary } from './fixture/judge/replay-result.ts';
export type { LogEntry } from './fixture/run/fixture-run.ts';
export type { HubStats } from './hub/http/metrics.ts';
export { createHub, type Hub } from './hub/hub.ts';
export type { HubOptions, HubTls } from './hub/hub-options.ts';
export type { Logger } from './hub/logger.ts';
export { KitError, type KitErrorCode } from './kit/kit-error.ts';
export type { LostAgentPolicy } from './kit/lost-agent.ts';
export type { EvictionAnatomy } from './ledger/eviction-anatomy.ts';
export type { EncodedHistogram, LatencySummary } from './ledger/latency/latency-histogram.ts';
export type { AgentsOptions } from './library/agents-option.ts';
export { type CompareOptions, compareRuns } from './library/compare-runs.ts';
export { type CapacityOptions, findCapacity } from './library/find-capacity.ts';
export type { HubUnderTest } from './library/hub-under-test.ts';
export { type Judgement, type JudgeOptions, judgeHub } from './library/judge-hub.ts';
export { type LoadOptions, loadHub } from './library/load-hub.ts';
export { type RecordTraceOptions, recordTrace, type TraceRecording } from './library/record-trace.ts';
export { renderConformance, renderLoadtest } from './library/render-results.ts';
export { type ReplayOptions, replayFixture } from './library/replay-fixture.ts';
export type {
  ComparedMetric,
  ComparedSide,
  ComparedUnit,
  CompareResult,
  CompareSettings,
} from './load/compare/compare-result.ts';
export type { ComparedVerdict, RatioEstimate, Wanted } from './load/compare/statistics/ratio.ts';
export type { CohortLatency, ProgressView } from './load/coordinator/run-options.ts';
export type { CurvePoint, FindResult, FindStep, Varied } from './load/find/find-result.ts';
export type { SearchWords } from './load/find/plan-search.ts';
export type { Answer as CapacityAnswer, StepOutcome } from './load/find/search.ts';
export type { LatencyBuckets } from './load/outputs/latency-buckets.ts';
export type { PlanWords } from './load/plan/create-plan.ts';
export type { PlanSummary } from './load/plan/plan-summary.ts';
export type { AgentResult } from './load/result/agents/fold-agents.ts';
export type { FaultResult } from './load/result/faults/fault-result.ts';
export type { AddressCount } from './load/result/parts/addresses.ts';
export type { LatencyBoundsResult } from './load/result/parts/fold-cohort.ts';
export type { FailureCount, SubprotocolCount } from './load/result/parts/handshakes.ts';
export type { HttpOutcome } from './load/result/parts/http.ts';
export type { Isolation } from './load/result/parts/isolation.ts';
export type { LedgerResult } from './load/result/parts/ledger.ts';
export type { TlsResult } from './load/result/parts/tls.ts';
export type {
  CohortResult,
  Environment,
  Eviction,
  Finding,
  FindingName,
  GeneratorHealth,
  LoadtestResult,
  OriginOutcome,
  ProcessHealth,
  ThresholdOutcome,
} from './load/result/result.ts';
export type { TargetResult } from './load/result/targets/fold-targets.ts';
export type { ThresholdWindows } from './load/result/thresholds/threshold-windows.ts';
export type { CohortSecond, RunSample, TimelineSecond } from './load/result/timeline.ts';
export type { CohortProgress } from './load/worker/worker-messages.ts';
export type { DocumentedEventType, Envelope, StepStatus } from './protocol/envelope.ts';
export { DOCUMENTED_EVENT_TYPES } from './protocol/envelope.ts';
export type { ConformanceReporter } from './report/conformance/reporter-names.ts';
export type { LoadtestReporter } from './report/loadtest/reporter-names.ts';
export type { WireEntry } from './session/wire-log.ts';
export type { CohortIdentityFlags, IdentityFlags } from './target/identity/identity-flags.ts';
export type { ModuleTarget } from './target/module/module-guard.ts';
export type { CreateTarget, CreateTargetOptions } from './target/module/module-target.ts';
export type {
  AgreedTls,
  BroadcastOptions,
  BroadcastOutcome,
  StopOutcome,
  Target,
  TargetAbilities,
  TargetResources,
  TargetStart,
  TargetStats,
} from './target/target.ts';
export type { TargetFlags } from './target/target-flags.ts';
export type { ReportedTarget, ReportedTls } from './target/tls/reported-target.ts';
export type { TlsFlags } from './target/tls/tls-flags.ts';
export type { Clock, Timer } from './time/clock.ts';
export type { TlsSettings } from './wire/tls/tls-settings.ts';
