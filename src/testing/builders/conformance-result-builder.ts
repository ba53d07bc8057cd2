// Builds conformance results for tests of reports and exit codes.
import type { CheckResult, ConformanceResult } from '../../conformance/result.ts';
import { CONFORMANCE_SCHEMA_VERSION, summarise } from '../../conformance/result.ts';
import { judgeRun } from '../../conformance/verdict.ts';

export function buildCheckResult(change: Partial<CheckResult> = {}): CheckResult {
  return {
    id: 'delivery.example',
    chapter: 'delivery',
    title: 'an example holds',
    level: 'must',
    clause: { source: 'protocol: Connection', quote: 'connect to receive live updates' },
    verdict: 'pass',
    evidence: [],
    measurements: {},
    wire: [],
    durationMs: 12,
    ...change,
  };
}

export function buildConformanceResult(
  checks: readonly CheckResult[],
  change: Partial<ConformanceResult> = {},
): ConformanceResult {
  const run = {
    schemaVersion: CONFORMANCE_SCHEMA_VERSION,
    kit: { name: 'norn-loadtest', version: '0.0.0' },
    target: { adapter: 'http', url: 'ws://127.0.0.1:8800/ws' },
    seed: 1,
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 1_234,
    partial: false,
    environment: { node: 'v20.20.0', platform: 'linux x64', cores: 2, hasSmallWindow: true },
    settings: { clientBufferMessages: 64, kickDeadlineMillis: 10_000, allowedOrigins: [], strict: false },
    summary: summarise(checks),
    measurements: {},
    checks,
    staleKnownFailing: [],
    command: 'norn-conformance --seed 1',
    ...change,
  } satisfies Omit<ConformanceResult, 'verdict'>;
  return { verdict: judgeRun(run), ...run };
}
