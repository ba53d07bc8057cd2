// The library's public surface: everything a program may import from `norn-loadtest`.
export type { CheckResult, ConformanceResult } from './conformance/result.ts';
export { createHub, type Hub } from './hub/hub.ts';
export type { HubOptions } from './hub/hub-options.ts';
export { KitError, type KitErrorCode } from './kit/kit-error.ts';
export type { HubUnderTest } from './library/hub-under-test.ts';
export { type Judgement, type JudgeOptions, judgeHub } from './library/judge-hub.ts';
export { type LoadOptions, loadHub } from './library/load-hub.ts';
export { renderConformance, renderLoadtest } from './library/render-results.ts';
export type { ProgressView } from './load/coordinator/run-options.ts';
export type { LoadtestResult } from './load/result/result.ts';
export type { DocumentedEventType, Envelope, StepStatus } from './protocol/envelope.ts';
export { DOCUMENTED_EVENT_TYPES } from './protocol/envelope.ts';
export type { ModuleTarget } from './target/module/module-guard.ts';
export type { CreateTarget, CreateTargetOptions } from './target/module/module-target.ts';
export type {
  BroadcastOptions,
  BroadcastOutcome,
  StopOutcome,
  Target,
  TargetAbilities,
  TargetResources,
  TargetStart,
  TargetStats,
} from './target/target.ts';
