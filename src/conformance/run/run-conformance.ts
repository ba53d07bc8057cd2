// A whole run as one value: the checks on the target, the known failures, the measurements, and what the run was.

import type { Target } from '../../target/target.ts';
import { reportTarget } from '../../target/tls/reported-target.ts';
import { systemClock } from '../../time/clock.ts';
import type { Check } from '../check.ts';
import { applyKnownFailing, type KnownFailing } from '../known-failing.ts';
import {
  type CheckResult,
  CONFORMANCE_SCHEMA_VERSION,
  type ConformanceResult,
  mergeMeasurements,
  summarise,
} from '../result.ts';
import { judgeRun } from '../verdict.ts';
import { readRunEnvironment } from './run-environment.ts';
import { runChecks } from './runner.ts';
import type { Settings } from './settings.ts';

export interface ConformanceOptions {
  readonly checks: readonly Check[];
  readonly target: Target;
  readonly settings: Settings;
  readonly kit: { readonly name: string; readonly version: string };
  /** See ConformanceResult. */
  readonly command: string;
  readonly strict?: boolean;
  readonly knownFailing?: readonly KnownFailing[];
  readonly signal?: AbortSignal;
  readonly onResult?: (result: CheckResult) => void;
}

export async function runConformance(options: ConformanceOptions): Promise<ConformanceResult> {
  const { checks, target, settings, signal, onResult } = options;
  const startedAt = new Date(systemClock.wallMillis()).toISOString();
  const startMicros = systemClock.nowMicros();
  const outcome = await runChecks({
    checks,
    target,
    settings,
    ...(signal && { signal }),
    ...(onResult && { onResult }),
  });
  const { results, stale } = applyKnownFailing(outcome.results, options.knownFailing ?? []);
  const judged: Omit<ConformanceResult, 'verdict'> = {
    schemaVersion: CONFORMANCE_SCHEMA_VERSION,
    kit: options.kit,
    target: reportTarget(target),
    seed: settings.seed,
    startedAt,
    durationMs: Math.round((systemClock.nowMicros() - startMicros) / 1_000),
    partial: outcome.isPartial,
    environment: readRunEnvironment(),
    settings: {
      clientBufferMessages: settings.clientBufferMessages,
      kickDeadlineMillis: settings.kickDeadlineMillis,
      allowedOrigins: settings.allowedOrigins,
      ...(settings.pingIntervalMillis === undefined
        ? {}
        : { pingIntervalMillis: settings.pingIntervalMillis }),
      timeLimitMillis: settings.timeLimitMillis,
      strict: options.strict ?? false,
    },
    summary: summarise(results),
    measurements: mergeMeasurements(results),
    checks: results,
    staleKnownFailing: stale,
    command: options.command,
  };
  return { ...judged, verdict: judgeRun(judged) };
}
