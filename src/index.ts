// The library's public surface: everything a program may import from `norn-loadtest`.
export { createHub, type Hub } from './hub/hub.ts';
export type { HubOptions } from './hub/hub-options.ts';
export type { DocumentedEventType, Envelope, StepStatus } from './protocol/envelope.ts';
export { DOCUMENTED_EVENT_TYPES } from './protocol/envelope.ts';
export type { CreateTarget, CreateTargetOptions } from './target/module.ts';
export type { ModuleTarget } from './target/module-guard.ts';
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
