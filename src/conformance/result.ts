// What a run found, as data: conformance.json is this, and every report is a function of it.

import type { Verdict as RunVerdict } from '../files/verdict.ts';
import type { WireEntry } from '../session/wire-log.ts';
import type { ReportedTarget } from '../target/tls/reported-target.ts';
import type { Chapter, Check, Clause, Level } from './check.ts';
import type { Finding, Measurement } from './finding.ts';
import type { RunEnvironment } from './run/run-environment.ts';

export interface CheckResult extends Omit<Finding, 'basis'> {
  readonly id: string;
  readonly chapter: Chapter;
  readonly title: string;
  readonly level: Level;
  readonly clause: Clause;
  /** The last of what went over the wire; empty for a pass. */
  readonly wire: readonly WireEntry[];
  readonly durationMs: number;
  /** Of a check that was skipped: the failed check that has shown already what this one would wait for. */
  readonly blockedBy?: string;
  /** Why this failure is expected (`--known-failing`). */
  readonly knownFailing?: string;
}

/** Evidence of a warning that stands for a failure beside other checks that did not repeat alone. */
export const FAILED_ONCE = 'failed beside other checks, passed alone';

/** Evidence of a failure that a burst of another check does not explain: it need not repeat alone. */
export const SAME_AGE = 'two clients that connected at different times were disconnected at the same age';

export interface Summary {
  readonly pass: number;
  readonly fail: number;
  readonly warn: number;
  readonly skip: number;
  readonly error: number;
}

export const CONFORMANCE_SCHEMA_VERSION = 2;

export interface ConformanceResult {
  readonly schemaVersion: typeof CONFORMANCE_SCHEMA_VERSION;
  readonly kit: { readonly name: string; readonly version: string };
  readonly target: ReportedTarget;
  readonly seed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Follows from the checks (verdict.ts). */
  readonly verdict: RunVerdict;
  /** The run was interrupted; what is missing was not judged. */
  readonly partial: boolean;
  readonly environment: RunEnvironment;
  readonly settings: {
    readonly clientBufferMessages: number;
    readonly kickDeadlineMillis: number;
    readonly allowedOrigins: readonly string[];
    /** Only where the hub declares one. */
    readonly pingIntervalMillis?: number;
    /** How long the run might take; absent in files of older versions. */
    readonly timeLimitMillis?: number;
    /** Warnings fail the run too. */
    readonly strict: boolean;
  };
  readonly summary: Summary;
  readonly measurements: Readonly<Record<string, Measurement>>;
  readonly checks: readonly CheckResult[];
  /** Ids of `--known-failing` whose check passed: the entry is stale, and the run fails. */
  readonly staleKnownFailing: readonly string[];
  /** The command line of this run without a selection: with `--only ID` it repeats one check. */
  readonly command: string;
}

export interface CheckRun {
  readonly durationMillis: number;
  readonly wire: readonly WireEntry[];
}

/** A finding under the check's level: a broken should is a warning, and an info check never blames. */
export function judge(check: Check, finding: Finding, run: CheckRun): CheckResult {
  const { id, chapter, title, level, clause } = check;
  const { verdict: found, ...facts } = level === 'info' ? withoutBlame(finding) : finding;
  const verdict = found === 'fail' && level === 'should' ? 'warn' : found;
  return {
    id,
    chapter,
    title,
    level,
    clause,
    verdict,
    ...facts,
    wire: verdict === 'fail' || verdict === 'warn' || verdict === 'error' ? run.wire : [],
    durationMs: Math.round(run.durationMillis),
  };
}

/** A failure met by a measurement is for the checks to judge; here it is the reason why there is no value. */
function withoutBlame(finding: Finding): Finding {
  const { verdict, expected, got, evidence, measurements } = finding;
  if (verdict !== 'fail' && verdict !== 'warn') return finding;
  return { verdict: 'skip', reason: `expected: ${expected}; got: ${got}`, evidence, measurements };
}

/** The measurements of all checks by name; a value wins over none, and the later of two values. */
export function mergeMeasurements(
  results: readonly Pick<CheckResult, 'measurements'>[],
): Readonly<Record<string, Measurement>> {
  const merged: Record<string, Measurement> = {};
  for (const { measurements } of results) {
    for (const [name, measurement] of Object.entries(measurements)) {
      if (measurement.value !== null || merged[name] === undefined) merged[name] = measurement;
    }
  }
  return merged;
}

export function summarise(checks: readonly CheckResult[]): Summary {
  const summary = { pass: 0, fail: 0, warn: 0, skip: 0, error: 0 };
  for (const check of checks) summary[check.verdict]++;
  return summary;
}
